"""Sessions that are worth more than they cost, and prices lowered until there are none.

People join one by one, and with each the sessions that need them are searched: sets of people who hang
together, grown one person at a time from the newcomer (branch and bound). Sessions without the newcomer
are known to be fine, so it is enough to find *minimal* overpriced sessions: in them every unit is worth
more than its minutes, and every person is worth more than a seat, which prunes most of the map. What is
found is settled at once by lowering prices of the newcomer's units; prices are never raised, so what was
fine stays fine, and at the end every session costs at least what its units are worth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.domain.consolidation.floors import Floor
from planner.domain.consolidation.pricing import people_bits
from planner.domain.consolidation.puzzle import bits

Bundle = tuple[int, int]  # the people of units, and what the units are worth above their minutes

RENTS = 12  # rents of a minute that are tried at the start of a search
NEVER = -(1 << 80)  # no worth makes up for it
DISCOUNTS = (97, 93, 87, 75, 50, 0)  # percent; for the units of a person whose search takes too long


class _Spent(Exception):
    """A search needs more nodes than it may have."""


class Repair:
    """Prices (in parts of a minute, by row) on their way to being feasible."""

    def __init__(self, floor: Floor, prices: Sequence[int], *, nodes: int, sure: bool = True) -> None:
        self.sure = sure
        self.floor = floor
        self.ground = floor.ground
        self.prices = [max(price, least) for price, least in zip(prices, self.ground, strict=True)]
        self.nodes = nodes  # for the search of one person
        self.used = 0
        self.found: list[tuple[int, ...]] = []
        self.cut = 0
        self._worths: dict[tuple[int, int], dict[int, int]] = {}
        self._cores: dict[int, list[int]] = {}
        self._of_people: dict[int, list[int]] = {}
        for row, mask in enumerate(floor.people):
            self._of_people.setdefault(mask, []).append(row)
        self._at: dict[int, list[int]] = {}
        for mask in self._of_people:
            for person in bits(mask):
                self._at.setdefault(person, []).append(mask)

    def run(self) -> list[int]:
        """Prices of which no session's units are worth more than the floor under it."""
        known = 0
        for person in _smallest_last(self._of_people):
            known |= 1 << person
            self._settle(person, known)
        return self.prices

    def _settle(self, person: int, known: int) -> None:
        rows = [row for mask in self._at[person] if not mask & ~known for row in self._of_people[mask]]
        first = [self.prices[row] for row in rows]
        for percent in (100, *DISCOUNTS):
            for row, price in zip(rows, first, strict=True):
                ground = self.ground[row]
                self._lower(row, min(self.prices[row], ground + (price - ground) * percent // 100))
            if not percent:
                break
            try:
                self._search(person, known)
            except _Spent:
                self.cut += 1
                if not self.sure:
                    break
            else:
                break

    def _search(self, person: int, known: int) -> None:
        self._worths = {key: worths for key, worths in self._worths.items() if not key[1]}
        left = self.nodes
        for least, most in self._sizes():
            search = _Search(self, person, least=least, most=most, nodes=left)
            try:
                search.run(known)
            finally:
                self.used += left - search.nodes
            left = search.nodes

    def _sizes(self) -> list[tuple[int, int]]:
        """In whole mode each number of people has its own worths; in window mode they do not differ."""
        most = self.floor.people_max
        if any(self.floor.slope):
            return [(size, size) for size in range(2, most + 1)]
        return [(2, most)]

    def worth(self, row: int, size: int) -> int:
        """What a unit is worth above its minutes in a session of so many people."""
        return self.prices[row] - self.floor.own[row] - size * self.floor.slope[row]

    def crowds(self, known: int, person: int, size: int) -> list[int]:
        """The people of units that can be in a minimal overpriced session with this person."""
        if size not in self._cores:
            self._cores[size] = self._core(self._of_people, size)
        masks = [mask for mask in self._cores[size] if not mask & ~known]
        me = 1 << person
        if not any(mask & me for mask in masks):
            return []
        masks = self._core(_within(me, size - 1, masks), size)
        return masks if any(mask & me for mask in masks) else []

    def _core(self, masks: Iterable[int], size: int) -> list[int]:
        """Those left when units go that are not worth their minutes and people who are not worth a seat."""
        bundles = [bundle for bundle in self.bundles(masks, size, 0) if bundle[1]]
        return [mask for mask, _ in _core(bundles, self.floor.seat)]

    def bundles(self, masks: Iterable[int], size: int, rent: int) -> list[Bundle]:
        """Units of the same people as one, with what they are worth when each minute has a rent."""
        known = self._worths.setdefault((size, rent), {})
        found: list[Bundle] = []
        for mask in masks:
            if mask not in known:
                known[mask] = self._together(self._of_people[mask], size, rent)
            found.append((mask, known[mask]))
        return found

    def _together(self, rows: Sequence[int], size: int, rent: int) -> int:
        minutes = self.floor.minutes
        worths = [self.worth(row, size) - rent * minutes[row] for row in rows]
        return sum([worth for worth in worths if worth > 0])

    def _lower(self, row: int, price: int) -> None:
        self.prices[row] = price
        for known in self._worths.values():
            known.pop(self.floor.people[row], None)

    def filled(self, masks: Iterable[int], size: int) -> int:
        """The most that the minutes of one session can be worth, units being divisible (Dantzig 1957)."""
        minutes, left, total = self.floor.minutes, self.floor.minutes_max, 0
        rows = [(self.worth(row, size), minutes[row]) for mask in masks for row in self._of_people[mask]]
        rows.sort(key=lambda row: -row[0] / row[1])
        for worth, length in rows:
            if worth <= 0 or length >= left:
                return total + max(0, worth * left // length + 1)
            total, left = total + worth, left - length
        return total

    def density(self, masks: Iterable[int], size: int) -> int:
        """The most that a minute of a unit is worth."""
        rows = [row for mask in masks for row in self._of_people[mask]]
        return max([self.worth(row, size) // self.floor.minutes[row] for row in rows], default=0)

    def inside(self, people: int) -> list[int]:
        """The units that need nobody else."""
        return [row for mask, rows in self._of_people.items() if not mask & ~people for row in rows]

    def settle(self, rows: tuple[int, ...], person: int, excess: int) -> bool:
        """Lower the prices of the person's units in this session by what it is overpriced."""
        self.found.append(rows)
        mine = [row for row in rows if self.floor.people[row] >> person & 1]
        above = [self.prices[row] - self.ground[row] for row in mine]
        total = sum(above)
        for row, part in zip(mine, above, strict=True):
            self._lower(row, self.prices[row] - min(part, -(-excess * part // max(total, 1))))
        return total > 0


def _smallest_last(masks: dict[int, list[int]]) -> list[int]:
    """People in an order in which each knows few of those before them (Matula and Beck 1983)."""
    near: dict[int, int] = {}
    for mask in masks:
        for person in bits(mask):
            near[person] = near.get(person, 0) | mask
    order: list[int] = []
    left = sum(1 << person for person in near)
    while left:
        person = min(bits(left), key=lambda one: ((near[one] & left).bit_count(), one))
        order.append(person)
        left ^= 1 << person
    return order[::-1]


def _core(bundles: list[Bundle], seat: int) -> list[Bundle]:
    """The bundles left when people go who are not worth a seat, again and again."""
    while True:
        worth: dict[int, int] = {}
        for mask, value in bundles:
            for person in bits(mask):
                worth[person] = worth.get(person, 0) + value
        gone = sum(1 << person for person, value in worth.items() if value <= seat)
        if not gone:
            return bundles
        bundles = [bundle for bundle in bundles if not bundle[0] & gone]


class _Search:
    """All overpriced sessions of `least` to `most` people with one person among them."""

    def __init__(self, repair: Repair, person: int, *, least: int, most: int, nodes: int) -> None:
        self.repair = repair
        self.floor = repair.floor
        self.person = person
        self.least, self.most, self.nodes = least, most, nodes
        self.rent = 0

    def run(self, known: int) -> None:
        masks = self._crowds(known)
        bundles = self._rented(1 << self.person, masks) if masks else []
        if bundles:
            self._grow(1 << self.person, 1, 0, bundles)

    def _crowds(self, known: int) -> list[int]:
        """The people of the units that matter; lowers `most` to the seats that the minutes can pay for."""
        while True:
            masks = self.repair.crowds(known, self.person, self.most)
            if not masks:
                return []
            paid = self.repair.filled(masks, self.most) - self.floor.least_split - 1
            seats = paid // self.floor.seat if self.floor.seat else self.most
            if seats < self.least:
                return []
            if seats >= self.most:
                return masks
            self.most = seats

    def _rented(self, me: int, masks: Sequence[int]) -> list[Bundle]:
        """The bundles under the rent of a minute that leaves least to hope for; none where nothing is left.

        The minutes of a session are few. A rent for each lowers what units are worth, and what all
        minutes bring is added again, so any rent gives a bound (Lagrangian relaxation).
        """
        whole = any(self.floor.slope)
        most = 0 if whole else self.repair.density(masks, self.most)
        least, found, self.rent = 1 << 80, list[Bundle](), 0
        for part in range(1 if whole else RENTS):
            rent = most * part // RENTS
            bundles = self.repair.bundles(masks, self.most, rent)
            gain, bit = self._outlook(me, 1, bundles)
            slack = gain + rent * self.floor.minutes_max - self.floor.seat - self.floor.least_split
            if not bit or slack <= 0:
                return []
            if slack < least:
                least, found, self.rent = slack, bundles, rent * self.floor.minutes_max
        return found

    def _grow(self, inside: int, count: int, worth: int, bundles: list[Bundle]) -> None:
        """Try every set of people that holds these and grows along the bundles."""
        self.nodes -= 1
        if self.nodes < 0:
            raise _Spent
        seat = self.floor.seat
        if count >= self.least and worth + self.rent > count * seat:
            self._examine(inside, count)
        if count == self.most:
            return
        while True:
            gain, bit = self._outlook(inside, count, bundles)
            if not bit or worth + self.rent + gain <= count * seat + self.floor.least_split:
                return
            grown = inside | bit
            more = worth + sum([value for mask, value in bundles if not mask & ~grown])
            near = set(_within(grown, self.most - count - 1, [mask for mask, _ in bundles]))
            left = [bundle for bundle in bundles if bundle[0] & ~grown and bundle[0] in near]
            self._grow(grown, count + 1, more, left)
            bundles = [bundle for bundle in bundles if not bundle[0] & bit]

    def _outlook(self, inside: int, count: int, bundles: Sequence[Bundle]) -> tuple[int, int]:
        """What further people can add at most above their seats, and whom to try first (0: nobody).

        A bundle's worth is shared by those of its people who are missing. Where two are missing, either
        has it only with the other, so as many as can still join count.
        """
        left = self.most - count
        missing, touching = _missing(inside, bundles)
        hopes: dict[int, int] = {}
        pairs: dict[int, list[int]] = {}
        for out, worth in missing.items():
            size = out.bit_count()
            if size == 1:
                hopes[out] = hopes.get(out, 0) + worth
            elif size == 2 <= left:
                low = out & -out
                pairs.setdefault(low, []).append((worth + 1) >> 1)
                pairs.setdefault(out ^ low, []).append((worth + 1) >> 1)
            elif size <= left:
                for bit in people_bits(out):
                    hopes[bit] = hopes.get(bit, 0) + worth // size + 1
        for bit, halves in pairs.items():
            if len(halves) >= left:
                halves.sort(reverse=True)
                del halves[left - 1 :]
            hopes[bit] = hopes.get(bit, 0) + sum(halves)
        return self._gain(hopes, count), _most_promising(hopes, touching)

    def _gain(self, hopes: dict[int, int], count: int) -> int:
        """The hopes above their seats of as many people as must join, and of those for whom it pays."""
        seat, forced = self.floor.seat, self.least - count
        nets = sorted([hope - seat for hope in hopes.values()], reverse=True)[: self.most - count]
        if len(nets) < forced:
            return NEVER
        return sum([net for number, net in enumerate(nets) if net > 0 or number < forced])

    def _examine(self, inside: int, count: int) -> None:
        """Settle the sessions of these people as long as one is overpriced."""
        while True:
            rows = self._best_rows(inside, count)
            excess = sum([self.repair.prices[row] for row in rows]) - self.floor.cost(rows)
            if excess <= 0 or not self.repair.settle(rows, self.person, excess):
                return

    def _best_rows(self, inside: int, count: int) -> tuple[int, ...]:
        """The units that make the session of these people worth most, by dynamic programming over minutes."""
        worths = [
            (self.floor.queues[row], row, worth)
            for row in self.repair.inside(inside)
            if (worth := self.repair.worth(row, count)) > 0
        ]
        worths.sort()
        best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
        queue = -1
        opened = best
        for mine, row, worth in worths:
            if mine != queue or mine < 0:
                best = _better(best, opened)
                price = self.floor.split if mine >= 0 else 0
                opened = {minutes: (value - price, rows) for minutes, (value, rows) in best.items()}
                queue = mine
            longer: dict[int, tuple[int, tuple[int, ...]]] = {}
            for minutes, (value, rows) in opened.items():
                after = minutes + self.floor.minutes[row]
                if after <= self.floor.minutes_max:
                    longer[after] = (value + worth, (*rows, row))
            opened = _better(opened, longer)
        _, rows = max(_better(best, opened).values(), key=lambda entry: entry[0])
        return tuple(sorted(rows))


def _better(
    one: dict[int, tuple[int, tuple[int, ...]]], other: dict[int, tuple[int, tuple[int, ...]]]
) -> dict[int, tuple[int, tuple[int, ...]]]:
    found = dict(one)
    for minutes, entry in other.items():
        if minutes not in found or found[minutes][0] < entry[0]:
            found[minutes] = entry
    return found


def _missing(inside: int, bundles: Sequence[Bundle]) -> tuple[dict[int, int], int]:
    """What the bundles are worth by who is missing in them, and who is missing beside somebody inside."""
    missing: dict[int, int] = {}
    touching = 0
    outside = ~inside
    for mask, worth in bundles:
        out = mask & outside
        missing[out] = missing.get(out, 0) + worth
        if out != mask:
            touching |= out
    return missing, touching


def _most_promising(hopes: dict[int, int], touching: int) -> int:
    best, most = 0, -1
    for bit, hope in hopes.items():
        if bit & touching and (hope > most or (hope == most and bit < best)):
            best, most = bit, hope
    return best


def _within(inside: int, steps: int, masks: Sequence[int]) -> list[int]:
    """The masks whose people can all be reached from inside by so many people joining."""
    near = inside
    for _ in range(steps):
        wider = near
        for mask in masks:
            if mask & near:
                wider |= mask
        if wider == near:
            break
        near = wider
    outside = ~near
    return [mask for mask in masks if not mask & outside]
