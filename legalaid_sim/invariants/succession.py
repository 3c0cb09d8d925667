"""What must hold exactly between people and organisations: hand-ons, goals, posts, closures, the payer."""

from collections import Counter
from collections.abc import Mapping

from legalaid_sim.events import (
    COMPANIONS,
    AdviserJoined,
    AdviserLeft,
    Asked,
    Audited,
    AuthorityAsked,
    CompanionOffered,
    Contact,
    Entitled,
    ExceptionAsked,
    GoalReviewed,
    GoalSet,
    Left,
    Log,
    MatterClosed,
    MatterOpened,
    Missed,
    MonthClosed,
    OrganisationClosed,
    Paid,
    PostClosed,
    Received,
    Referred,
    Work,
)
from legalaid_sim.invariants.residual import Residual, compare, in_order, none_of

NOBODY = ""


def succession(log: Log) -> tuple[Residual, ...]:
    """Give every equality between people and organisations, whether it holds or not."""
    return (
        *_hand_ons(log),
        *_goals(log),
        _companions(log),
        _posts(log),
        _after_closing(log),
        _authority(log),
        _exceptions(log),
        _unheard(log),
        _recovered(log),
        _payer(log),
    )


def _hand_ons(log: Log) -> tuple[Residual, Residual]:
    """Compare who was sent on with who asked at the other place in the same minute, and who was lost."""
    reached = Counter[object]((each.problem, each.to, each.at) for each in log.of(Referred) if each.reached)
    asked = Counter[object]((each.problem, each.organisation, each.at) for each in log.of(Asked))
    lost = Counter[object]((each.problem, each.at) for each in log.of(Referred) if not each.reached)
    gone = Counter[object](
        (each.problem, each.at) for each in log.of(Left) if each.reason == "referral" and not each.matter
    )
    return (
        compare("hand-ons that reached = askings there", reached, {key: asked[key] for key in reached}),
        compare("hand-ons that did not reach = clients who left", lost, gone),
    )


def _companions(log: Log) -> Residual:
    """Let nobody be accompanied whom chance did not offer it, and be told of an offer once a matter."""
    offers = log.of(CompanionOffered)
    wrong = [matter for matter, number in Counter(each.matter for each in offers).items() if number > 1]
    refused = {each.matter for each in offers if not each.offered}
    if refused:
        theirs = {joining.adviser for joining in log.of(AdviserJoined) if joining.role in COMPANIONS}
        wrong += [
            each.matter for each in log.of(Contact) if each.matter in refused and each.adviser in theirs
        ]
    return none_of("no companion for whom none was offered, and no offer twice", wrong)


def _goals(log: Log) -> tuple[Residual, Residual]:
    """Let every goal be set once, and end once (reached or lapsed) by the time its matter has closed."""
    goals = Counter(goal.matter for goal in log.of(GoalSet))
    ends = Counter(review.matter for review in log.of(GoalReviewed) if review.state != "open")
    closed = {closing.matter for closing in log.of(MatterClosed)}
    wrong = [matter for matter, number in goals.items() if number > 1 or ends[matter] > 1]
    wrong += [review.matter for review in log.of(GoalReviewed) if review.matter not in goals]
    due: dict[object, int] = {matter: 1 for matter in goals if matter in closed}
    ended: dict[object, int] = {matter: ends[matter] for matter in goals if matter in closed}
    return (
        none_of("no goal set twice, ended twice, or reviewed without being set", wrong),
        compare("goals of closed matters = goals reached or lapsed", due, ended),
    )


def _posts(log: Log) -> Residual:
    """Let a post have one holder at a time, and none after it was closed."""
    holder: dict[str, str] = {}
    given_up: set[str] = set()
    offenders = []
    for event in in_order(log, (AdviserJoined, AdviserLeft, PostClosed)):
        if type(event) is AdviserJoined:
            if holder.get(event.post, NOBODY) != NOBODY or event.post in given_up:
                offenders.append(f"{event.adviser} joins {event.post} at minute {event.at}")
            holder[event.post] = event.adviser
        elif type(event) is AdviserLeft:
            if holder.get(event.post, NOBODY) != event.adviser:
                offenders.append(f"{event.adviser} leaves {event.post} at minute {event.at}")
            holder[event.post] = NOBODY
        elif type(event) is PostClosed:
            given_up.add(event.post)
    return none_of("one holder a post at a time, and none once it is closed", offenders)


def _after_closing(log: Log) -> Residual:
    """Look for help that an organisation gave after it had shut, by its own name or by its people's."""
    shut = {closing.organisation: closing.at for closing in log.of(OrganisationClosed)}
    if not shut:
        return none_of("no help by an organisation that has shut", [])
    of = {joining.adviser: joining.organisation for joining in log.of(AdviserJoined)}
    done = [
        *((each.at, each.organisation, f"contact with {each.client}") for each in log.of(Contact)),
        *((each.at, each.organisation, f"opening of {each.matter}") for each in log.of(MatterOpened)),
        *((each.at, of.get(each.adviser, ""), f"work of {each.adviser}") for each in log.of(Work)),
        *((each.at, of.get(each.adviser, ""), f"wait of {each.adviser}") for each in log.of(Missed)),
    ]
    late = sorted((at, what) for at, name, what in done if name in shut and at > shut[name])
    return none_of(
        "no help by an organisation that has shut", [f"{what} at minute {at}" for at, what in late]
    )


def _authority(log: Log) -> Residual:
    """Let leave be asked for on matters that are open, and be answered no sooner than asked."""
    opened = {matter.matter: matter.at for matter in log.of(MatterOpened)}
    wrong = [
        f"{asking.matter} at minute {asking.at}"
        for asking in log.of(AuthorityAsked)
        if asking.decided < asking.at or asking.at < opened.get(asking.matter, asking.at + 1)
    ]
    return none_of("leave asked for on open matters, answered no sooner than asked", wrong)


def _exceptions(log: Log) -> Residual:
    """Let an exception be asked for once, on an open matter without discretion, and be answered no sooner."""
    found = log.of(ExceptionAsked)
    bound = {each.matter: each.at for each in log.of(MatterOpened) if not each.discretion} if found else {}
    times = Counter(asking.matter for asking in found)
    wrong = [
        f"{asking.matter} at minute {asking.at}"
        for asking in found
        if asking.decided < asking.at
        or asking.at < bound.get(asking.matter, asking.at + 1)
        or times[asking.matter] > 1
    ]
    return none_of("exceptions asked for once, where procedure binds", wrong)


def _unheard(log: Log) -> Residual:
    """Let nobody who keeps to procedure listen before an exception is granted; companions have no procedure."""
    bound = {opening.matter for opening in log.of(MatterOpened) if not opening.discretion}
    if not bound:
        return none_of("nobody listened to against procedure", [])
    free = {asking.matter: asking.decided for asking in log.of(ExceptionAsked) if asking.granted}
    companions = {joining.adviser for joining in log.of(AdviserJoined) if joining.role in COMPANIONS}
    wrong = [
        f"contact with {each.client} at minute {each.began}"
        for each in log.of(Contact)
        if each.listening
        and each.matter in bound
        and each.adviser not in companions
        and each.began < free.get(each.matter, each.began + 1)
    ]
    return none_of("nobody listened to against procedure", wrong)


def _recovered(log: Log) -> Residual:
    """Compare what audits took back with the lines that took it."""
    told, lines = Counter[object](), Counter[object]()
    for audit in log.of(Audited):
        told[audit.organisation, audit.contract, audit.clause, audit.at] += audit.pence
    for line in log.of(Entitled):
        key = (line.organisation, line.contract, line.block, line.at)
        if key in told and not line.matter:
            lines[key] -= line.pence
    return compare("taken back at audits = lines of the audit", told, lines)


def _payer(log: Log) -> Residual:
    """Compare the payer's spend with what organisations booked as income, other receipts left out."""
    spend, income = Counter[object](), Counter[object]()
    for payment in log.of(Paid):
        spend[payment.organisation] += payment.pence
    for month in log.of(MonthClosed):
        income[month.organisation] += month.income
    for receipt in log.of(Received):
        income[receipt.organisation] -= receipt.pence
    return compare("payer's spend = organisations' income from it", spend, income)


def starts(log: Log, allowed: Mapping[str, int]) -> Residual:
    """Compare the matters opened under each contract with those that it permits over the whole log."""
    used = Counter(matter.contract for matter in log.of(MatterOpened))
    over = [
        f"{contract}: {used[contract]} used of {limit}"
        for contract, limit in sorted(allowed.items())
        if used[contract] > limit
    ]
    return none_of("matter starts used are no more than allowed", over)
