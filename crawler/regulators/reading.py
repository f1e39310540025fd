"""From the bytes of a regulator's table or answer to its records; pure, for the pool.

with Pool() as pool:
    reading = pool.run(read_table, content, "register.csv", "ofsted", "register", True)
"""

from crawler.regulators.answers import is_answer, read_answers
from crawler.regulators.cqc import CQC
from crawler.regulators.declared import TableKind
from crawler.regulators.files import Reading, read_file
from crawler.regulators.registry import regulator_named


def read_table(content: bytes, name: str, regulator: str, kind: TableKind, in_child: bool = False) -> Reading:
    """Read a file of the regulator as a table of a kind; RefusedFile names the fault that rules it out.

    ``in_child``: we are in a process that may be killed, and a workbook needs no other.
    """
    declared = regulator_named(regulator)
    if declared is CQC and is_answer(content):
        return read_answers(name, content, kind)
    return read_file(name, content, declared, kind, in_child=in_child)
