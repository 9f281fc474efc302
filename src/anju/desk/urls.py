"""Addresses of the officer's pages. The names that begin with ``register`` are those of the subjects' own pages."""

from django.urls import include, path

from anju.desk.pages import (
    home,
    household,
    household_forms,
    joining,
    lists,
    opening,
    party_life,
    person,
    person_forms,
    places,
    site,
    site_forms,
)

_desk = [
    path("desk/", home.desk, name="desk"),
    path("desk/open/", opening.open_together, name="open_together"),
    path("places/", places.places, name="places"),
]
_people = [
    path("", lists.people, name="people"),
    path("by-number/", lists.by_number, name="person_by_number"),
    path("new/", household_forms.new_person, name="new_person"),
    path("party-life/", party_life.listed, name="party_lives"),
    path("doubles/", joining.doubles, name="doubles"),
    path("doubles/<uuid:joining>/", joining.joining, name="joining"),
    path("doubles/<uuid:joining>/confirm/", joining.confirm, name="joining_confirm"),
    path("doubles/<uuid:joining>/refuse/", joining.refuse, name="joining_refuse"),
    path("<uuid:key>/", person.file, name="person"),
    path("<uuid:key>/reveal/<slug:field>/", person.show_in_full, name="person_reveal"),
    path("<uuid:key>/facts/<str:clause>/", person_forms.facts, name="person_facts"),
    path("<uuid:key>/relations/<slug:kind>/", person_forms.relation, name="person_relation"),
    path("<uuid:key>/relations/<slug:kind>/withdraw/", person_forms.withdraw, name="person_withdraw"),
    path("<uuid:key>/party-life/", party_life.begin, name="person_party_life"),
    path("<uuid:key>/party-life/end/", party_life.end, name="person_party_life_end"),
    path("<uuid:key>/wishes/<slug:kind>/", person_forms.wish, name="person_wish"),
    path("<uuid:key>/change/", person_forms.change, name="person_change"),
    path("<uuid:key>/places/", person_forms.place, name="person_place"),
    path("<uuid:key>/household/", person_forms.home, name="person_home"),
    path("<uuid:key>/end/", person_forms.end, name="person_end"),
    path("<uuid:key>/double/", joining.alike, name="person_double"),
    path("<uuid:key>/double/<uuid:other>/", joining.pair, name="person_pair"),
    path("<uuid:key>/before/", joining.before, name="person_before"),
]
_households = [
    path("", lists.households, name="households"),
    path("new/", household_forms.new, name="new_household"),
    path("<uuid:key>/", household.file, name="household"),
    path("<uuid:key>/reveal/", household.show_in_full, name="household_reveal"),
    path("<uuid:key>/facts/<str:clause>/", household_forms.facts, name="household_facts"),
    path("<uuid:key>/places/", household_forms.place, name="household_place"),
    path("<uuid:key>/join/", household_forms.join, name="household_join"),
    path("<uuid:key>/people/new/", household_forms.new_person, name="household_new_person"),
]
_sites = [
    path("", lists.sites, name="sites"),
    path("new/", site_forms.new, name="new_site"),
    path("<uuid:key>/", site.file, name="site"),
    path("<uuid:key>/facts/<str:clause>/", site_forms.facts, name="site_facts"),
]
_counties = [
    path("<str:code>/", site.county, name="county"),
    path("<str:code>/facts/<str:clause>/", site_forms.county_facts, name="county_facts"),
]
_register = [
    path("people/", include(_people)),
    path("households/", include(_households)),
    path("sites/", include(_sites)),
    path("counties/", include(_counties)),
]
urlpatterns = [
    path("", include((_desk, "desk"))),
    path("", include((_register, "register"))),
]
