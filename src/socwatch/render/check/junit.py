"""The answer as a test report in the JUnit form, which every CI system shows."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from socwatch.render.check.answer import Answer
from socwatch.render.text import visible
from socwatch.reports.check.alerts import Concern, Matter
from socwatch.reports.check.report import days_words

_NO_XML = re.compile("[\ufffe\uffff]")
"""What XML 1.0 has no way to write, beyond what `visible` has made visible already."""


def render(answer: Answer) -> str:
    """A case for each item and each further concern: failed, skipped if left unsaid, or passed."""
    attention = answer.attention
    said, unsaid = attention.concerns, attention.unsaid
    spoken_of = {concern.id for concern in said} | {concern.id for _, concern in unsaid}
    suite = ET.Element("testsuite")
    for concern in said:
        failure = ET.SubElement(_case(suite, concern), "failure", type=concern.matter.value)
        failure.set("message", _safe(days_words(concern)))
        failure.text = _safe(" ".join(concern.summary.split()))
    for reason, concern in unsaid:
        message = f"{reason.value}: {days_words(concern)}"
        ET.SubElement(_case(suite, concern), "skipped", message=_safe(message))
    for item in attention.watched:
        if item.id not in spoken_of:
            ET.SubElement(suite, "testcase", classname=item.body.id, name=item.id)
    counts = {"tests": len(suite), "failures": len(said), "errors": 0, "skipped": len(unsaid)}
    suite.attrib |= {"name": "socwatch check", **{k: str(v) for k, v in counts.items()}}
    suite.set("timestamp", answer.ran.strftime("%Y-%m-%dT%H:%M:%S"))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    # In ASCII every other character is written by its number, so that no locale can spoil it.
    text: bytes = ET.tostring(root, encoding="us-ascii", xml_declaration=True)
    return text.decode("ascii") + "\n"


def _case(suite: ET.Element, concern: Concern) -> ET.Element:
    body = concern.body.id if concern.body is not None else "register"
    name = concern.id or "register"  # the same at every run, so that CI can tell its history
    if concern.matter is Matter.EVIDENCE:
        name += " evidence"
    return ET.SubElement(suite, "testcase", classname=body, name=name)


def _safe(text: str) -> str:
    return _NO_XML.sub("?", visible(text))
