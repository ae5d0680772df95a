from hospital.jobs.guests import Guests

SEATS = {"conversation:1": 2, "address 10.0.0.7": 3}


def test_a_seat_is_free_again_when_a_stream_ends() -> None:
    guests = Guests()

    with guests.seated(SEATS):
        fits_second = guests.fit(SEATS)
        with guests.seated(SEATS):
            fits_third = guests.fit(SEATS)
        fits_after = guests.fit(SEATS)

    assert (fits_second, fits_third, fits_after) == (True, False, True)


def test_talks_of_one_address_count_together_and_accounts_not_at_all() -> None:
    guests = Guests()

    with guests.seated(SEATS), guests.seated({**SEATS, "conversation:2": 2}):
        other = {"conversation:3": 2, "address 10.0.0.7": 2}
        fits_address = guests.fit(other)
        fits_elsewhere = guests.fit({"conversation:3": 2, "address 10.0.0.8": 2})
        fits_account = guests.fit({})

    assert (fits_address, fits_elsewhere, fits_account) == (False, True, True)
