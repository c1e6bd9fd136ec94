"""`socwatch import`; the folder's name is another because `import` is a keyword of Python."""
