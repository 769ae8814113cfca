"""Nothing that a solver prints, from Python or from C, gets onto standard output."""

import subprocess
import sys

CODE = """
import os
from placement.matching.solvers.silence import stdout_reserved
with stdout_reserved() as real:
    print("a word from Python", flush=True)
    os.write(1, b"a word from C\\n")
    os.write(real, b"the plan\\n")
print("and afterwards")
"""


def test_only_what_is_written_to_the_reserved_descriptor_is_on_standard_output():
    ran = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)

    assert ran.stdout == "the plan\nand afterwards\n"
    assert sorted(ran.stderr.splitlines()) == ["a word from C", "a word from Python"]
