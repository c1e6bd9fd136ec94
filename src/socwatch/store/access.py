"""Who may read and write a file, carried over to the file that takes its place.

A file is replaced by a new one, which the system gives to whoever runs socwatch. So the new file
gets the owner, group, mode, access list and attributes of the old one before anything is written
to it. Where the system refuses one of them, the new file gives people fewer rights, never more.
Python knows access lists and attributes on Linux only. On Windows, where a new file has the rights
of its folder, nothing is done.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import struct
from pathlib import Path
from typing import NamedTuple

from socwatch.store.system import (
    attribute_names,
    groups_of,
    has_owners,
    read_attribute,
    set_attribute,
    set_mode,
    set_owner,
    user_name,
)

_LIST = "system.posix_acl_access"
"""The extended attribute in which Linux keeps a POSIX access list."""

_ANY_LIST = "system."
"""How the names of access lists of every kind begin, those of NFS among them."""

_HEADER, _ENTRY = struct.Struct("<I"), struct.Struct("<HHI")
_USER, _OWNING_GROUP, _GROUP, _MASK, _OTHER = 0x02, 0x04, 0x08, 0x10, 0x20
_NO_ATTRIBUTES = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


class _Entry(NamedTuple):
    """An entry of a POSIX access list: which people, what they may do, and their number."""

    tag: int
    rights: int
    number: int


def copy_access(target: Path, descriptor: int) -> bool:
    """Give an empty file of mode 600 the rights and attributes of the one that it will replace.

    Return False if only the mode was refused, so that the file must be created with it. Raise
    OSError if more people could read the new file, or if the owner of the old one would lose it.
    """
    if not has_owners():
        return True
    old = target.lstat()
    if not stat.S_ISREG(old.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file")
    mode, attributes = stat.S_IMODE(old.st_mode), _attributes(target)
    with contextlib.suppress(OSError):  # a group gets files from its members only
        set_owner(descriptor, group=old.st_gid)
    if os.fstat(descriptor).st_gid != old.st_gid:
        mode, attributes = _without_group(mode, attributes)
    _set_attributes(descriptor, attributes)
    if not _same_lists(attributes, _attributes(descriptor)):
        mode &= 0o700  # the bits of the group limit what any entry of an access list allows
    if stat.S_IMODE(os.fstat(descriptor).st_mode) != mode:
        with contextlib.suppress(OSError):  # many shares have modes of their own
            set_mode(descriptor, mode)
    with contextlib.suppress(OSError):  # only root gives files away
        set_owner(descriptor, user=old.st_uid)
    new = os.fstat(descriptor)
    if new.st_mode & 0o077 & ~mode:
        raise OSError(errno.EPERM, "more people could read it than before")
    had, entries = old.st_mode >> 6 & 6, _entries(new.st_mode, _attributes(descriptor))
    if new.st_uid != old.st_uid and not _may(old.st_uid, had, entries, new.st_gid):
        raise OSError(errno.EPERM, f"its owner ({user_name(old.st_uid)}) would lose access to it")
    kept = (new.st_uid, new.st_gid, mode) == (old.st_uid, old.st_gid, stat.S_IMODE(old.st_mode))
    return not kept or stat.S_IMODE(new.st_mode) == mode


_Attributes = dict[str, bytes | None]
"""Extended attributes by name; None for a value that the system does not tell."""


def _attributes(file: Path | int) -> _Attributes:
    """Return the extended attributes of a file, its access lists among them."""
    try:
        return {name: _value(file, name) for name in attribute_names(file)}
    except OSError as error:
        return {} if error.errno in _NO_ATTRIBUTES else {_LIST: None}


def _value(file: Path | int, name: str) -> bytes | None:
    try:
        return read_attribute(file, name)
    except OSError:
        return None


def _set_attributes(descriptor: int, attributes: _Attributes) -> None:
    """Make these the attributes of a file as far as the system lets it."""
    for name in _lists(_attributes(descriptor)):
        if name not in attributes:  # a new file can inherit an access list from its folder
            with contextlib.suppress(OSError):
                set_attribute(descriptor, name, None)
    for name, value in attributes.items():
        if value is not None:
            with contextlib.suppress(OSError):
                set_attribute(descriptor, name, value)


def _same_lists(old: _Attributes, new: _Attributes) -> bool:
    return _lists(old) == _lists(new) and None not in _lists(old).values()


def _lists(attributes: _Attributes) -> _Attributes:
    return {name: value for name, value in attributes.items() if name.startswith(_ANY_LIST)}


def _without_group(mode: int, attributes: _Attributes) -> tuple[int, _Attributes]:
    """Return the mode and attributes of a file whose group could not be kept.

    Its new group gets no rights. The old group's members get those of all others, as far as they
    had them.
    """
    entries = _entries(mode, attributes)
    group = next(rights for tag, rights, _ in entries if tag == _OWNING_GROUP)
    others = mode & group & 0o007
    if (access_list := attributes.get(_LIST)) is None:
        return mode & 0o700 | others, attributes
    rights = {_OWNING_GROUP: 0, _OTHER: others}
    changed = b"".join(
        _ENTRY.pack(tag, rights.get(tag, given), number)
        for tag, given, number in _ENTRY.iter_unpack(access_list[_HEADER.size :])
    )
    return mode & 0o770 | others, {**attributes, _LIST: access_list[: _HEADER.size] + changed}


def _entries(mode: int, attributes: _Attributes) -> list[_Entry]:
    """Return what the group and others may do to a file, and those that its access list names."""
    access_list = attributes.get(_LIST)
    if access_list is None:
        return [_Entry(_OWNING_GROUP, mode >> 3 & 7, 0), _Entry(_OTHER, mode & 7, 0)]
    entries = [_Entry(*each) for each in _ENTRY.iter_unpack(access_list[_HEADER.size :])]
    mask = next((each.rights for each in entries if each.tag == _MASK), 7)
    return [e if e.tag == _OTHER else e._replace(rights=e.rights & mask) for e in entries]


def _may(user: int, wanted: int, entries: list[_Entry], owning_group: int) -> bool:
    """Return whether the system lets somebody, who is not the owner, do all this with a file."""
    if user == 0:
        return True
    named = [each.rights for each in entries if each.tag == _USER and each.number == user]
    if named:
        return not wanted & ~named[0]
    numbered = [e._replace(number=owning_group) if e.tag == _OWNING_GROUP else e for e in entries]
    of_groups = [each for each in numbered if each.tag in {_OWNING_GROUP, _GROUP}]
    others = [each for each in entries if each.tag == _OTHER]
    groups = groups_of(user)
    if groups is None:  # whichever groups it may be in
        return not any(wanted & ~each.rights for each in (*of_groups, *others))
    joined = [each for each in of_groups if each.number in groups]
    return any(not wanted & ~each.rights for each in joined or others)
