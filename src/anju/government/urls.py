"""Addresses of sign-in. The names are those that django-allauth asks for; its other pages are not reachable.

No page here is answered in one transaction: an attempt counts even if the answer fails, and while a password is checked
nobody else waits for the database. What is written together is written in a transaction of its own.
"""

from allauth.account import views as account_views
from allauth.mfa.base import views as second_factor_views
from allauth.mfa.totp import views as code_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.socialaccount.providers.openid_connect import views as city_views
from django.db.transaction import non_atomic_requests
from django.urls import path

from anju.government import pages

urlpatterns = [
    path("sign-in/", non_atomic_requests(account_views.login), name="account_login"),
    path("sign-in/code/", non_atomic_requests(second_factor_views.authenticate), name="mfa_authenticate"),
    path("sign-in/by/<slug:provider_id>/", non_atomic_requests(city_views.login), name="openid_connect_login"),
    path(
        "sign-in/by/<slug:provider_id>/back/", non_atomic_requests(city_views.callback), name="openid_connect_callback"
    ),
    path("sign-out/", non_atomic_requests(pages.sign_out), name="account_logout"),
    path("account/", pages.account, name="mfa_index"),
    path("account/password/", non_atomic_requests(account_views.password_change), name="account_change_password"),
    path("account/code/", non_atomic_requests(code_views.activate_totp), name="mfa_activate_totp"),
    path("account/code/remove/", pages.to_account, name="mfa_deactivate_totp"),
    path("account/confirm/", non_atomic_requests(second_factor_views.reauthenticate), name="mfa_reauthenticate"),
    path("account/passkeys/", pages.to_account, name="mfa_list_webauthn"),
    path("account/passkeys/add/", non_atomic_requests(passkey_views.add_webauthn), name="mfa_add_webauthn"),
    path(
        "account/confirm/passkey/",
        non_atomic_requests(passkey_views.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
]
