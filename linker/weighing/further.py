"""The comparisons beside owner, place, days and grades: whom the home is for, what the report demands."""

from linker.weighing.comparison import Case, Comparison
from linker.weighing.demands import Count, Manager, Regulations, Restriction
from linker.weighing.holding import OwnersHomes
from linker.weighing.needs import AgesOfResidents, Needs, SexOfResidents


def comparisons(case: Case, *, operator_named: bool) -> list[Comparison]:
    """Each says something of its own once the grade is known; notices are requirements as well.

    Where the regulations are printed, or the requirements counted, notices counted too would say it twice.
    """
    demands: list[Comparison] = [Count(case, "requirements"), Regulations(case)]
    if all(one.silent for one in demands):
        demands.append(Count(case, "notices"))
    return [
        *demands,
        Count(case, "recommendations"),
        Restriction(case),
        Manager(case),
        Needs(case),
        AgesOfResidents(case),
        SexOfResidents(case),
        OwnersHomes(case, named=operator_named),
    ]
