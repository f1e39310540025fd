"""Records that wait on the disk."""

from storage.staging import Staged


def test_what_is_put_in_comes_out_in_its_order_and_again() -> None:
    with Staged[tuple[int, str]]() as staged:
        assert (len(staged), list(staged)) == (0, [])
        put = [(number, "x" * number) for number in range(100)]
        for record in put:
            staged.add(record)
        assert len(staged) == len(put)
        assert list(staged) == put == list(staged)
