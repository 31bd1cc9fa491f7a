"""A first scenario explains itself: every block has a comment, and it passes `check` as it stands."""

from __future__ import annotations


def starter() -> str:
    """A commented scenario to start from: the real funnel of 1,500 calls and 5 sales."""
    return STARTER


STARTER = """\
# A sales funnel: the phone call sells a small thing, an invitation to a free product demo.
# Run it:    simfunnel run FILE          Check it:  simfunnel check FILE
# A share may be a number (0.35), text ("35 %"), a count ("20 of 1000"), or a guess ({ low = 0.2, high = 0.5 }).
# A time may be a number in the unit that the key names, or text ("30 s", "2 h", "3 working days", "1 week").
name = "My funnel"
start = 2026-01-12              # first day; days off are skipped
horizon = "60 working days"     # how long to simulate
currency = "EUR"

# The leads. Make one table for each kind of lead: [segments.fair], [segments.visitors], ...
[segments.list]
temperature = "cold"            # cold: never heard of the product; warm: knows that it exists
leads = 1500
interested = "70 %"             # the rest come for the coffee

# The call: who dials, how often, and what comes of it. Counts say how sure you are, so prefer them.
[calling]
teams = ["callers"]             # or shares: { callers = 0.4, centre = 0.6 }
attempts = 1                    # dials to one lead at most
answered = "1000 of 1500"       # of the dials
listened = "20 of 1000"         # of the answered
accepted = "15 of 20"           # of the listeners

# How long each outcome of a dial keeps the caller, in minutes. A distribution is drawn anew for every dial.
[calling.minutes]
ring = "25 s"                   # part of every dial
no_answer = 0.5
hang_up = { exponential = { mean = 0.7 } }
talk = { lognormal = { mean = 6, sd = 3 } }
wrap_up = "60 s"                # notes after every call that was answered

# The people who dial. paid = "shift" | "until_done" | "worked" says which hours cost wages.
[teams.callers]
kind = "in-house"               # or "outsourced", with prices in [teams.callers.contract]
size = 2
shift = "09:00-17:00"
pause = "12:30-13:00"
wage_per_hour = 14
overhead = "35 %"               # on wages
paid = "until_done"
hiring = 400                    # once for each member

# The people who host the demo and sell.
[teams.sellers]
size = 2
shift = "09:00-18:00"
wage_per_hour = 28
overhead = "35 %"
paid = "worked"

# The demo: when, where, by whom, and who comes of those who were booked.
[demo]
every = "1 week"
weekday = "thursday"
at = "15:00"
length = "2 h"
set_up = "1 h"                  # the hosts leave their desks that long before it
team = "sellers"
hosts = 2
seats = 40
attended = "10 of 15"
room = 250                      # for every event held
catering_per_head = 9

# Selling face to face.
[closing]
sold_if_interested = "5 of 7"

# What a sale brings and what it costs. A distribution is drawn anew for every sale.
[money]
revenue_per_sale = { low = 1500, likely = 2400, high = 5000 }
unit_cost = 900
"""
