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


@pytest.mark.parametrize(
    ("postcode", "where"),
    [
        ("BT1 5GS", "is in Northern Ireland, which is not on this map"),
        ("JE2 3AB", "is in Jersey, which is not on this map"),
        ("GY1 1AA", "is in Guernsey, which is not on this map"),
        ("IM1 1AF", "is in the Isle of Man, which is not on this map"),
        ("B13 3AH", "is in the postcode directory, which gives no place for it"),
        ("CV1 5RR", ""),
        ("CV99 9ZZ", ""),
        ("BT99 9ZZ", ""),
    ],
)
def test_what_the_directory_has_without_a_place_on_the_grid_is_told_from_what_it_lacks(directory, postcode, where):
    assert directory.off_the_grid(postcode) == where


def test_the_postcodes_of_a_council_are_those_of_its_code(directory):
    points = directory.points_in({"E08000026"}, "C")

    assert len(points) > 9_000
    assert directory.points_in({"E08000026"}, "S") == []


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
