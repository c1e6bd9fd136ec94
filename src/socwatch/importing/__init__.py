"""What a spreadsheet of recommendations would add to a register.

Pure: it takes cells, answers and a register, and gives questions, problems and records. `reading`
is the centre: one pass over the cells, with the answers that there are so far. What it lacks
becomes a question, what nobody can read becomes a problem, and every filled cell gets its fate.
"""
