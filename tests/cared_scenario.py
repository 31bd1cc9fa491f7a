"""A scenario that looks after its customers in every way, without a doubt."""

# 50 of the 100 who are dialled accept, all come, half buy from a closer of the team that looks after them, too.
CARED = """
start = 2026-01-05
horizon = "120 working days"
[segments.list]
leads = 100
[segments.named]
temperature = "warm"
[calling]
teams = ["callers"]
answered = 1
listened = 1
accepted = 0.5
[teams.callers]
[teams.sellers]
size = 2
[demo]
team = "sellers"
attended = 1
[closing]
sold_if_interested = 0.5
closers = 2
[money]
revenue_per_sale = 100
[after_sales]
team = "sellers"
by = "closer"
consistency = [0.8, 1]
familiar = 2
[after_sales.satisfaction]
reality = { mean = 0.6, sd = 0.2 }
[after_sales.defect]
rate = 0.2
shows_after = 60
drop = 0.3
complains = 0.4
satisfied = 0.5
[after_sales.delivery]
days = { low = 5, high = 20 }
promised = 10
per_day_late = 0.02
[after_sales.remorse]
window = 14
cancels = 0.1
satisfied = 2
[after_sales.customer_initiated]
lift = 1.5
odds_per_day = 0.9
patience = 30
[after_sales.seller_initiated]
days = ["1 week", "2 months"]
approves = 0.5
lift = 1.2
asks = true
[after_sales.cooperative]
every = "3 months"
odds_defect = 0.9
[after_sales.friendly]
every = "2 months"
odds_referral = 1.2
[after_sales.marketing]
every = "1 month"
lift = 1.1
[after_sales.survey]
days = ["6 weeks"]
responds = 0.3
[after_sales.repeat]
every = 60
bought = 0.3
satisfied = 2
revenue = 50
unit_cost = 20
[after_sales.cross_sale]
sold = 0.1
revenue = 80
[after_sales.referral]
segment = "named"
given = 0.2
satisfied = 2
[after_sales.resale]
share = 0.1
sells_in = 30
[after_sales.quality]
cost_per_month = 100
odds_per_month = 1.1
"""
