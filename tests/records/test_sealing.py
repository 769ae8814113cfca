from placement.records.sealing import Seal


def test_what_is_sealed_is_read_with_the_same_secret_alone():
    sealed = Seal("a secret").close("JBSWY3DP")

    assert "JBSWY3DP" not in sealed
    assert Seal("a secret").open(sealed) == "JBSWY3DP"
    assert Seal("a secret").close("JBSWY3DP") != sealed
    assert Seal("another secret").open(sealed) is None
    assert Seal("a secret", "something else").open(sealed) is None
    assert Seal("a secret").open(sealed[:-4] + "AAA=") is None
