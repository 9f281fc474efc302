"""The site: its database, its apps and what it allows.

Environment: ``ANJU_DATABASE_URL`` is the database (by default a SQLite file in the private folder); ``ANJU_RUNTIME`` is the
private folder for the secret key and that file (by default below the user's state folder);
``ANJU_KEYS`` is the file of the keys that seal fields, ``ANJU_ANCHORS`` the one that the journal's heads are put down in;
``ANJU_HOSTS`` adds host names, separated by commas, to those of the machine itself; then the site is there by HTTPS alone, behind a
reverse proxy whose address, or addresses, ``ANJU_PROXIES`` names (docs/site.md).
``ANJU_SERVER`` is the process number of the server that started this process (`anju serve` sets it).
``ANJU_LETTERS`` is a folder with an office's own words and layouts of letters (docs/site.md).
``ANJU_BATCHES_KEPT_DAYS`` is for how many days after an import has ended its rows are kept. ``ANJU_DEMO`` is 1 for the demo.
``ANJU_LOG_HOST`` is where the journal's lines go as syslog (docs/site.md).
"""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from anju.config.databases import database
from anju.config.proxies import proxies_of
from anju.config.runtime import check_demo, demo, runtime_folder, secret_key
from anju.government.passwords import profiles
from anju.journal.log_host import address_of

_here = Path(__file__).resolve().parent.parent

# ``ANJU_DEMO=1``: a synthetic city in a folder of its own, whose officers one is at a click, on this machine alone (docs/adr/0015).
ANJU_DEMO = demo()
if ANJU_DEMO:
    check_demo(os.environ)

SECRET_KEY = secret_key()
DEBUG = False
_named = [host.strip() for host in os.environ.get("ANJU_HOSTS", "").split(",") if host.strip()]
# Away from this machine, a cookie travels and a passkey works by HTTPS alone.
_elsewhere = bool(_named)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *_named]
# Who says for whom they ask, and that it was by HTTPS; of nobody else is that believed.
ANJU_PROXIES = proxies_of(os.environ.get("ANJU_PROXIES", ""))

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "anju.jobs",
    "anju.sealing",
    "anju.journal",
    "anju.government",
    "anju.documents",
    "anju.register",
    "anju.duties",
    "anju.cases",
    "anju.payments",
    "anju.exchange",
    "anju.web",
    "anju.check",
    "anju.desk",
    "anju.portal",
    "anju.demo",
    "anju.walls",  # behind every app that lists walls
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
AUTH_USER_MODEL = "government.Officer"
MIDDLEWARE = [
    "anju.config.middleware.told_by_the_proxy",
    "django.middleware.security.SecurityMiddleware",
    "anju.config.middleware.security_headers",
    *(["anju.config.middleware.on_this_machine_alone"] if ANJU_DEMO else []),
    *(["anju.config.middleware.by_https_alone"] if _elsewhere else []),
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "anju.config.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "anju.government.door.OfficersOnly",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "anju.config.urls"
WSGI_APPLICATION = "anju.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "anju.web.templatetags.face", "anju.check.templatetags.ledger"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                *(["anju.demo.cast.on_stage"] if ANJU_DEMO else []),
            ],
        },
    }
]
DATABASES = {"default": database(os.environ.get("ANJU_DATABASE_URL", ""), runtime_folder())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
# Jobs that begin by themselves: title, what, the first time of a day, and after how many minutes again.
ANJU_SCHEDULES = {
    "换版重算应办": ("anju.duties.night.evaluate_new_pages", "00:00", 10),
    "锚定操作日志": ("anju.journal.nightly.put_down_heads", "00:00", 60),
    "定好应发的月份": ("anju.payments.expecting.expect_months", "01:00", 24 * 60),
    "列出要比对的区县": ("anju.payments.expecting.expect_comparisons", "01:15", 24 * 60),
    "每夜重算应办": ("anju.duties.night.evaluate_everyone", "01:30", 24 * 60),
    "到生效日的件办结": ("anju.cases.actions.holding.end_what_holds", "00:30", 24 * 60),
    "删除过时的导出": ("anju.exchange.export_jobs.remove_old", "00:20", 60),
    "核对操作日志": ("anju.journal.nightly.verify_everything", "02:30", 24 * 60),
    "核对台账": ("anju.register.verification.verify_register", "04:00", 24 * 60),
    "清理登录记录": ("anju.government.upkeep.forget", "03:00", 24 * 60),
    "清理名单外的人": ("anju.payments.forgetting.forget_strangers", "03:20", 24 * 60),
    "清理并档申请": ("anju.register.upkeep.lapse_joinings", "03:10", 24 * 60),
    "清理导入": ("anju.exchange.forgetting.forget", "03:15", 24 * 60),
    "清理后台记录": ("anju.jobs.upkeep.forget", "03:30", 24 * 60),
}

# Not part of the database's backup: whoever has both can read what is sealed.
ANJU_KEYS = Path(os.environ.get("ANJU_KEYS") or runtime_folder() / "keys")
# Best on another machine: it proves that nobody wrote the journal anew.
ANJU_ANCHORS = Path(os.environ.get("ANJU_ANCHORS") or runtime_folder() / "anchors.jsonl")

# What the frame of a signed-in officer offers: whose duty it is, the name of its address, and what it is called. The first one of
# a duty is where its officers begin; an address that does not exist yet is left out.
_handler, _security = frozenset({"handler"}), frozenset({"security_administrator"})
_auditor, _system = frozenset({"auditor"}), frozenset({"system_administrator"})
ANJU_NAVIGATION = (
    (_handler, "desk:desk", _("我的工作台")),
    (_handler, "cases:cases", _("办件")),
    (_handler, "cases:online", _("户籍网办")),
    (_handler, "documents:letters", _("文书")),
    (_handler, "payments:months", _("发放")),
    (_handler, "premiums:premiums", _("代缴")),
    (_handler, "settlements:settlements", _("就医结算")),
    (_handler, "rents:rents", _("流转费补助")),
    (_handler, "cases:plots", _("优先受让地块")),
    (_handler, "comparisons:comparisons", _("参保比对")),
    (_handler, "register:people", _("人员")),
    (_handler, "register:households", _("户")),
    (_handler, "register:sites", _("安置点")),
    (_handler, "exchange:imports", _("导入")),
    (_handler, "exchange:exports", _("导出")),
    (_handler, "duties:parameters", _("本区县的参数")),
    (_security, "government:officers", _("账号管理")),
    (_security, "government:posts", _("岗位")),
    (_security, "government:regions", _("区划")),
    (_security, "government:clients", _("对接系统")),
    (_auditor, "government:journal", _("操作日志")),
    (_system, "system", _("系统")),
    (_handler, "check:front", _("查台账")),
    (_handler | _security | _auditor | _system, "check:guideline", _("指导意见")),
)

# How many files of persons and households an officer opens within an hour at most.
ANJU_MOST_FILES_AN_HOUR = 300

# What needs a second officer waits for one so many days at most: an export, the undoing of an import, the joining of two records.
ANJU_SECOND_OFFICER_DAYS = 7

# A list that is taken along lies ready for so many hours; more rows than so many in full a day need another officer of the region, and
# more exports, or rows in them, than these an officer does not take in a day.
ANJU_EXPORTS_KEPT_HOURS = 24
ANJU_MOST_FULL_ROWS_ALONE = 1_000
ANJU_MOST_EXPORTS_A_DAY = 20
ANJU_MOST_EXPORTED_ROWS_A_DAY = 300_000

# The office's own words and layouts of letters, which take precedence over ours by their names.
ANJU_LETTERS = Path(os.environ["ANJU_LETTERS"]) if os.environ.get("ANJU_LETTERS") else None

# Chinese first; whoever chooses English has a cookie. The browser's own wish is not asked.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [_here / "web" / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

# A ledger is written to the disk while it arrives, and refused as soon as it is too large.
# Everything of a visit lies in a private folder named after the process that serves; anju.check.visits empties it.
ANJU_VISITS = runtime_folder() / "visits" / os.environ.get("ANJU_SERVER", str(os.getpid()))
ANJU_LARGEST_UPLOAD = 200 << 20
ANJU_LARGEST_PAPER = 5 << 20
ANJU_IDLE_MINUTES = 30
ANJU_MOST_VISITS = 50
ANJU_RUNNING_AT_ONCE = 2
ANJU_LONGEST_CHECK_SECONDS = 900
FILE_UPLOAD_TEMP_DIR = ANJU_VISITS
SILENCED_SYSTEM_CHECKS = [
    "files.E001",  # the folder is made when the first upload begins
    "security.W008",  # what comes in plain is refused, not led on: `by_https_alone`
    "security.W021",  # whether browsers know of it beforehand is for whoever owns the domain
]
FILE_UPLOAD_HANDLERS = ["anju.check.uploads.LimitedUpload"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 1

# Files that officers import lie there in the clear while they are read, each in the folder of the process that reads it.
ANJU_IMPORTS = runtime_folder() / "imports"
# How long after an import has ended its rows are kept, and a merge may be undone.
ANJU_BATCHES_KEPT_DAYS = int(os.environ.get("ANJU_BATCHES_KEPT_DAYS") or 180)

# Signing in (docs/adr/0010): accounts are made by the security administrator, nothing goes by mail, a second factor is for all.
# ``ANJU_PASSWORDS`` is the norm for passwords, dengbao3 or asvs.
ANJU_PASSWORDS = os.environ.get("ANJU_PASSWORDS", "dengbao3")
# ``client``: wrong secrets for one client; ``calls``: what one client asks in the same quarter of an hour.
ANJU_MOST_ATTEMPTS = {"account": 5, "code": 5, "address": 100, "client": 20, "calls": 600}
ANJU_LOCK_MINUTES = 15
ANJU_LONGEST_SESSION_HOURS = 12
# For how long the secret that a client had before a new one still opens.
ANJU_KEYS_OVERLAP_HOURS = 24
AUTH_PASSWORD_VALIDATORS = profiles[ANJU_PASSWORDS].validators()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # argon2id, by argon2-cffi
AUTHENTICATION_BACKENDS = ["anju.government.backend.OfficerBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "government:home"
ACCOUNT_ADAPTER = "anju.government.adapters.Accounts"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"change_password": "anju.government.forms.NewPassword"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = False  # ours count before they check
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "account"
MFA_ADAPTER = "anju.government.adapters.SecondFactors"
MFA_FORMS = {
    "activate_totp": "anju.government.forms.NewApp",
    "authenticate": "anju.government.forms.SignInCode",
    "reauthenticate": "anju.government.forms.ConfirmCode",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
MFA_TOTP_TOLERANCE = 1

# A city's own sign-in by OpenID Connect: ``ANJU_OIDC_ISSUER`` is its address, ``ANJU_OIDC_CLIENT`` and ``ANJU_OIDC_SECRET`` are
# what it knows us by, ``ANJU_OIDC_CLAIM`` is the claim that is an account here.
_city = {
    "provider_id": "city",
    "name": "统一登录",
    "client_id": os.environ.get("ANJU_OIDC_CLIENT", ""),
    "secret": os.environ.get("ANJU_OIDC_SECRET", ""),
    "settings": {
        "server_url": os.environ.get("ANJU_OIDC_ISSUER", ""),
        "uid_field": os.environ.get("ANJU_OIDC_CLAIM", "preferred_username"),
        "oauth_pkce_enabled": True,
    },
}
# Residents come in by a provider of their own (docs/adr/0022): ``ANJU_RESIDENTS_ISSUER`` is its address, ``ANJU_RESIDENTS_CLIENT``
# and ``ANJU_RESIDENTS_SECRET`` are what it knows us by, ``ANJU_RESIDENTS_CLAIM`` is the claim with the ID number,
# ``ANJU_RESIDENTS_VERIFIED`` the one that has to be true for it to count ("" where every number there is verified),
# ``ANJU_RESIDENTS_SCOPE`` what is asked for.
_residents = {
    "provider_id": "residents",
    "name": "居民登录",
    "client_id": os.environ.get("ANJU_RESIDENTS_CLIENT", ""),
    "secret": os.environ.get("ANJU_RESIDENTS_SECRET", ""),
    "settings": {
        "server_url": os.environ.get("ANJU_RESIDENTS_ISSUER", ""),
        "uid_field": os.environ.get("ANJU_RESIDENTS_CLAIM", "id_number"),
        "verified": os.environ.get("ANJU_RESIDENTS_VERIFIED", "id_number_verified"),
        "scope": os.environ.get("ANJU_RESIDENTS_SCOPE", "openid profile").split(),
        "oauth_pkce_enabled": True,
        "hidden": True,  # not offered where officers sign in
    },
}
SOCIALACCOUNT_ADAPTER = "anju.portal.single_sign_on.BothDoors"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may lead nowhere but here: Content-Security-Policy
_issuers = {"ANJU_OIDC_ISSUER": _city, "ANJU_RESIDENTS_ISSUER": _residents}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app for name, app in _issuers.items() if os.environ.get(name)]}}

_prefix = "__Host-anju_" if _elsewhere else "anju_demo_" if ANJU_DEMO else "anju_"
SESSION_COOKIE_NAME = "anju_demo" if ANJU_DEMO else f"{_prefix}session"
SESSION_COOKIE_SECURE = _elsewhere
# A resident's session, which is no officer's (`anju.portal.door`).
ANJU_RESIDENT_COOKIE = f"{_prefix}resident"
# The secret of a visitor's ledger (`anju.check.visits`).
ANJU_VISIT_COOKIE = f"{_prefix}visit"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _elsewhere
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = ANJU_LONGEST_SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = f"{_prefix}form"
CSRF_COOKIE_SECURE = _elsewhere
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "anju.check.pages.csrf_failure"
LANGUAGE_COOKIE_NAME = f"{_prefix}language"
LANGUAGE_COOKIE_SECURE = _elsewhere
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _elsewhere else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _elsewhere
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Where the journal's lines go beside the database, as syslog: ``tcp://host:port`` or ``udp://host:port``; nowhere where it is empty.
ANJU_LOG_HOST = os.environ.get("ANJU_LOG_HOST", "")
if ANJU_LOG_HOST:
    address_of(ANJU_LOG_HOST)
_log_host = {"log_host": {"class": "anju.journal.log_host.LogHost", "address": ANJU_LOG_HOST}} if ANJU_LOG_HOST else {}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"without_numbers": {"()": "anju.journal.plain_numbers.WithoutNumbers"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "without_numbers"}, **_log_host},
    "loggers": {
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        **({"anju.journal": {"handlers": ["log_host"], "level": "INFO", "propagate": False}} if ANJU_LOG_HOST else {}),
    },
}
