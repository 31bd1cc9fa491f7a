"""Each kind of visit and each decision in it owns a fixed address: this is the list of them all.

A decision is named by its pair of words and its half: see `simfunnel.draws.pair`. The subject is the
lead; of ARRIVALS it is the first lead that may arrive in the segment on the day.

| kind | occurrence | pair 0 high | pair 0 low | pair 1 high | pair 1 low | pair 2 high | pair 2 low |
|---|---|---|---|---|---|---|---|
| TRAITS | 0 | team that gets the lead | interested | dead number | reach | decision maker | qualified |
| DIAL | earlier dials | answered | listened | accepted | minutes | asked through | |
| ATTEND | earlier no-shows | attended | | | | | |
| CLOSE | 0 | sold | revenue | peak | misreading | method | undecided |
| ARRIVALS | 0 | number of arrivals | | | | | |
| ARRIVE | 0 | clock | patience | | | | |
| INBOUND | 0 | accepted | minutes | | | | |
| MEET | 0 | attended | minutes of who does not come | | | | |
| FOLLOW | 0 | ready | window | tolerance | never ready | preferred channel | returns |
| TOUCH | earlier touches | reached | gatekeeper passed | walks away | sold | minutes | signal noticed |
| FATE | 0 | reality | delivery | defect | shows after | complains | tempted |
| SELLER | number of the date | kept to | reached | minutes | defect found | cross-sale | its revenue |
| COOPERATIVE, FRIENDLY | number of the date | kept to | reached | minutes | | | |
| ANSWERING | earlier answers | | | minutes | | | |
| SURVEYED | number of the date | answers | finds | | | | |
| OCCASION | earlier occasions | time to it | taken | lost, or drops out | revenue | | |
| SUGGESTION | earlier suggestions | time to it | | | | | |
| ASKED | earlier askings | gives names | how many | | | | |

TRAITS has a pair 3: warmed by marketing. CLOSE has a pair 3: patience, and the minutes of the answer or of the
talk with a freeloader; its pair 4 is undecided by phone. FOLLOW has three more: fit and whether it is found
qualified; whether it is found to fit and the clock of its return; patience and minutes then. It has a pair 6:
sold then. TOUCH has a pair 3: minutes of qualifying, and whether the agreement is kept. FATE has three more:
cancels and the member who looks after the customer; rate of purchases and of dropping out; resells and how fast.
"""

from __future__ import annotations

from typing import Final

TRAITS: Final = 0
DIAL: Final = 1
ATTEND: Final = 2
CLOSE: Final = 3
ARRIVALS: Final = 4
ARRIVE: Final = 5
INBOUND: Final = 6
MEET: Final = 7
FOLLOW: Final = 8
TOUCH: Final = 9
FATE: Final = 10
SELLER: Final = 11
COOPERATIVE: Final = 12
FRIENDLY: Final = 13
ANSWERING: Final = 14
SURVEYED: Final = 15
OCCASION: Final = 16
SUGGESTION: Final = 17
ASKED: Final = 18
