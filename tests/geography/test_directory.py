import resource
import subprocess
import sys
import threading
import time

import brotli
import msgpack
import pytest

from placement.geography.directory import PostcodeDirectory


def test_a_letter_loads_in_under_two_seconds_and_keeps_a_few_megabytes():
    started = time.perf_counter()
    PostcodeDirectory().find("CV1 5RR")
    took = time.perf_counter() - started

    print(
        f"letter C: {took:.2f} s, peak of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
    )
    assert took < 2


def test_the_data_frames_of_the_packages_own_reader_are_not_imported():
    script = (
        "import sys; from placement.geography.directory import PostcodeDirectory as D; D().find('CV1 5RR');"
        "print('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_knows_postcodes_of_every_length(directory):
    found = [directory.find(each) for each in ("B1 1AA", "CV1 5RR", "CV10 0AA", "SW1A 1AA")]

    assert [each.authority for each in found if each] == ["E08000025", "E08000026", "E07000219", "E09000033"]


@pytest.mark.parametrize("postcode", ["CV99 9ZZ", "AA1 1AA", "ZZ99 9ZZ", "QQ1 1AA", "BT1 1AA", "JE2 3AB", "GY1 1AA"])
def test_what_has_no_point_on_the_british_grid_is_not_found(directory, postcode):
    assert directory.find(postcode) is None


def test_two_threads_asking_at_once_get_the_same_answer():
    directory, answers = PostcodeDirectory(), []
    threads = [threading.Thread(target=lambda: answers.append(directory.find("CV1 5RR"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 4
    assert len(set(answers)) == 1


def test_a_file_of_another_layout_is_refused(tmp_path):
    content = msgpack.packb(
        {"columns": [], "data": {"pcd": ["CV15RR"], "laua": ["E1"], "oseast1m": [1.0], "osnrth1m": [2.0]}}
    )
    (tmp_path / "postcodes_C.msgpack.br").write_bytes(brotli.compress(content))

    with pytest.raises(ValueError, match="seven-character"):
        PostcodeDirectory(tmp_path).find("CV1 5RR")
