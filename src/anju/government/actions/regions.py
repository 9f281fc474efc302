"""Villages and communities 村社区: named under their township where a site needs them, renamed, merged.

Everything above a village comes with the program (`regions.csv`) and is not changed here.
"""

from datetime import date

from anju.government.actions.allowed import allowed, write
from anju.government.models import Officer, Region, never
from anju.government.queries import region_on
from anju.government.refusals import Refused


def add_village(*, by: Officer, township: Region, code: str, name: str, since: date) -> Region:
    """Have a village or community under its 12-digit code from a day on."""
    with allowed(by):
        if township.level != Region.Kind.TOWNSHIP or region_on(township.code, since) is None:
            raise Refused("村社区要加在那天还在的乡镇、街道下面。")
        if code[:9] != township.code[:9] or code == township.code:
            raise Refused(f"{township.name}的村社区，代码前九位是 {township.code[:9]}，后三位不是 000。")
        if Region.objects.filter(code=code, until__gt=since).exists():
            raise Refused("这个代码那天已经有村社区在用。")
        village = Region(code=code, name=name.strip(), level=Region.Kind.VILLAGE, since=since)
        village.full_clean()
        village.save()
        write(by, "government.add_village", "region", code, name=village.name, since=str(since))
    return village


def rename_village(*, by: Officer, village: Region, name: str, since: date) -> Region:
    """The village has another name from a day on; the row with the old one stays for the days before."""
    with allowed(by):
        old = _current(village)
        if name.strip() == old.name:
            raise Refused("新名称和现在的一样。")
        _end(old, since, successor=old.code)
        new = Region(code=old.code, name=name.strip(), level=old.level, since=since)
        new.full_clean()
        new.save()
        write(by, "government.rename_village", "region", new.code, name=new.name, since=str(since))
    return new


def close_village(*, by: Officer, village: Region, until: date, successor: Region) -> None:
    """The village is no more from that day on; its people and land belong to the successor."""
    with allowed(by):
        old = _current(village)
        if successor.code == old.code or successor.level < Region.Kind.TOWNSHIP:
            raise Refused("并入的要是另一个村社区，或者乡镇、街道。")
        if region_on(successor.code, until) is None:
            raise Refused(f"{successor.name}那天不在，不能并入。")
        _end(old, until, successor=successor.code)
        write(by, "government.close_village", "region", old.code, until=str(until), successor=successor.code)


def _current(village: Region) -> Region:
    """The row of a village as it is now, held until the transaction ends. Raises `Refused`."""
    rows = Region.objects.select_for_update().filter(pk=village.pk, level=Region.Kind.VILLAGE, until=never)
    current = rows.first()
    if current is None:
        raise Refused("这个村社区已经改名或撤并，请看现在的名称。")
    return current


def _end(row: Region, until: date, successor: str) -> None:
    row.until, row.successor = until, successor
    row.save(update_fields=["until", "successor"])
