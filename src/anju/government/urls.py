"""Addresses of sign-in and of the separate duties. Names of sign-in are those that django-allauth asks for; its other pages
are not reachable.

No page of signing in is answered in one transaction: an attempt counts even if the answer fails, and while a password is checked
nobody else waits for the database. What is written together is written in a transaction of its own.
"""

from allauth.account import views as account_views
from allauth.mfa.base import views as second_factor_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.socialaccount.providers.openid_connect import views as city_views
from django.db.transaction import non_atomic_requests
from django.urls import include, path

from anju.government.door import Page, for_everyone
from anju.government.pages import account, accounts, clients, journal, posts, regions
from anju.government.pages.second_factors import AddApp, AddPasskey


def _step(page: Page) -> Page:
    """A page of django-allauth that is for every officer."""
    return for_everyone(non_atomic_requests(page))


_offices = [
    path("home/", account.home, name="home"),
    path("accounts/", accounts.listed, name="officers"),
    path("accounts/new/", accounts.opened, name="new_account"),
    path("accounts/<uuid:officer>/", accounts.one, name="account"),
    path("accounts/<uuid:officer>/password/", accounts.password, name="password"),
    path("accounts/<uuid:officer>/name/", accounts.renamed, name="rename"),
    path("accounts/<uuid:officer>/posts/", accounts.appointed, name="appoint"),
    path("accounts/<uuid:officer>/<slug:deed>/", accounts.deed, name="deed"),
    path("holdings/<int:holding>/end/", accounts.ended, name="end_post"),
    path("holdings/<int:holding>/withdraw/", accounts.withdrawn, name="withdraw_post"),
    path("posts/", posts.listed, name="posts"),
    path("posts/new/", posts.opened, name="open_post"),
    path("posts/<int:post>/close/", posts.closed, name="close_post"),
    path("clients/", clients.listed, name="clients"),
    path("clients/new/", clients.opened, name="new_client"),
    path("clients/<uuid:client>/", clients.one, name="client"),
    path("clients/<uuid:client>/change/", clients.changed, name="change_client"),
    path("clients/<uuid:client>/key/", clients.renewed, name="renew_key"),
    path("clients/<uuid:client>/end/", clients.ended, name="end_client"),
    path("regions/", regions.chosen, name="regions"),
    path("regions/suggest/", regions.suggest, name="suggest"),
    path("regions/<slug:code>/", regions.county, name="county"),
    path("regions/<slug:code>/villages/", regions.added, name="add_village"),
    path("villages/<slug:code>/", regions.village, name="village"),
    path("villages/<slug:code>/name/", regions.renamed, name="rename_village"),
    path("villages/<slug:code>/successor/", regions.merged, name="close_village"),
    path("journal/", journal.listed, name="journal"),
    path("journal/<int:shard>/<int:seq>/", journal.one, name="entry"),
    path("journal/export/", journal.export, name="export_journal"),
]
urlpatterns = [
    path("sign-in/", _step(account_views.login), name="account_login"),
    path("sign-in/code/", _step(second_factor_views.authenticate), name="mfa_authenticate"),
    path("sign-in/by/<slug:provider_id>/", _step(city_views.login), name="openid_connect_login"),
    path("sign-in/by/<slug:provider_id>/back/", _step(city_views.callback), name="openid_connect_callback"),
    path("sign-out/", non_atomic_requests(account.sign_out), name="account_logout"),
    path("account/", account.account, name="mfa_index"),
    path("account/password/", _step(account_views.password_change), name="account_change_password"),
    path("account/code/", _step(AddApp.as_view()), name="mfa_activate_totp"),
    path(
        "account/password/none/", account.to_account, name="account_set_password"
    ),  # who comes in by the city has none
    path("account/code/remove/", account.to_account, name="mfa_deactivate_totp"),
    path("account/confirm/", _step(second_factor_views.reauthenticate), name="mfa_reauthenticate"),
    path("account/passkeys/", account.to_account, name="mfa_list_webauthn"),
    path("account/passkeys/add/", _step(AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("account/confirm/passkey/", _step(passkey_views.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("", include((_offices, "government"))),
]
