"""A small funnel with everything switched on that comes after the sale: many buy, and half of the deliveries fail.

A history has about forty customers, and every kind of fact about them.
"""

from __future__ import annotations

AFTER = """
name = "After the sale"
start = 2026-01-05
horizon = "80 working days"
intake = "60 working days"
[segments.list]
leads = 60
fit = 0.8
[segments.web]
temperature = "hot"
arrivals = 0.3
[segments.friends]
temperature = "warm"
[calling]
teams = ["callers"]
answered = 0.8
listened = 0.9
accepted = 0.9
[inbound]
teams = ["sellers"]
accepted = 0.9
waiting = { source = "made up", odds = { "1 h" = 0.9 } }
[teams.callers]
[teams.sellers]
size = 3
skill = [1.2, 1.0, 0.8]
pace = [1.1, 1.0, 0.9]
[demo]
team = "sellers"
hosts = 1
every = "1 week"
attended = 0.9
[closing]
closers = 2
sold_if_interested = 0.7
undecided = 0.6
pressure = 1.5
[follow_up]
team = "sellers"
interval = "10 days"
touches = 2
channel = "phone"
sold = 0.4
[follow_up.channels.phone]
reached = 0.7
[money]
revenue_per_sale = { low = 500, likely = 1000, high = 2000 }
unit_cost = 300
[after_sales]
team = "sellers"
consistency = [0.9, 0.5, 0.7]
familiar = 1.5
[after_sales.satisfaction]
reality = { mean = 0.7, sd = 0.15 }
promise = 0.05
pressure = 0.2
bad_fit = 0.2
[after_sales.delivery]
days = { exponential = { mean = 6 } }
promised = 5
per_day_late = 0.02
[after_sales.defect]
rate = 0.5
shows_after = { exponential = { mean = 20 } }
drop = 0.2
complains = 0.5
satisfied = 3
cost = 50
[after_sales.remorse]
window = 14
cancels = 0.15
conceded = 4
satisfied = 3
recovered = 0.5
[after_sales.customer_initiated]
suggestions_every = { exponential = { mean = 60 } }
lift = 1.5
odds_per_day = 0.9
patience = 2
minutes = { low = 5, likely = 15, high = 40 }
[after_sales.seller_initiated]
days = ["3 days", "4 weeks"]
every = "1 month"
reached = 0.8
finds = 0.5
lift = 1.2
approves = 0.4
asks = true
cost = 2
minutes = { talk = { lognormal = { mean = 12, sd = 6 } }, not_reached = 1 }
[after_sales.cooperative]
every = "6 weeks"
reached = 0.5
odds_defect = 0.98
cost = 20
minutes = { talk = 30 }
[after_sales.friendly]
days = ["2 weeks"]
every = "2 months"
reached = 0.9
odds_referral = 1.4
cost = 5
[after_sales.marketing]
every = "3 weeks"
lift = 1.5
half_life = 10
cost = 0.5
[after_sales.survey]
days = ["10 days"]
every = "2 months"
responds = 0.6
finds = 0.6
cost = 0.3
[after_sales.repeat]
every = { exponential = { mean = 25 } }
bought = 0.4
satisfied = 4
leaves = 0.1
revenue = { low = 50, likely = 100, high = 300 }
unit_cost = 40
[after_sales.cross_sale]
sold = 0.15
satisfied = 3
most = 2
revenue = { exponential = { mean = 150 } }
unit_cost = 60
[after_sales.referral]
segment = "friends"
given = 0.5
satisfied = 3
names = 1.5
limit = 25
[after_sales.resale]
share = 0.3
sells_in = { exponential = { mean = 40 } }
[after_sales.quality]
cost_per_month = 200
odds_per_month = 1.2
"""
