"""The addresses of the console."""

from __future__ import annotations

from django.urls import include, path, re_path

from argosy.console.api import asking, deciding
from argosy.console.api.door import API, no_such_address
from argosy.console.pages import (
    audit,
    begin,
    brief,
    data,
    earned,
    entrance,
    goods,
    guide,
    health,
    metrics,
    money,
    notices,
    orders,
    preferences,
    promises,
    queue,
    saved,
    search,
    settings,
    tokens,
    uploads,
    words,
)

handler403 = "argosy.console.pages.errors.not_allowed"
handler404 = "argosy.console.pages.errors.not_found"
handler429 = "argosy.console.pages.errors.too_many"
handler500 = "argosy.console.pages.errors.broken"

OPERATIONS = (asking, deciding)  # by being imported they stand in the API

urlpatterns = [
    path("", brief.page, name="brief"),
    path("queue/", queue.page, name="queue"),
    path("queue/waiting/", queue.count, name="queue-waiting"),
    path("queue/P<int:number>/", queue.card, name="queue-card"),
    path("queue/P<int:number>/<str:what>/", queue.decide, name="queue-decide"),
    path("actions/A<int:number>/", queue.action, name="queue-action"),
    path("money/", money.page, name="money"),
    path("money/why/", money.why, name="money-why"),
    path("products/", goods.products, name="products"),
    path("products/<path:sku>/", goods.product, name="products-one"),
    path("markets/", goods.markets, name="markets"),
    path("markets/<str:market>/", goods.market, name="markets-one"),
    path("welcome/<str:token>/", entrance.welcome, name="welcome"),
    path("preferences/", preferences.choose, name="preferences"),
    path("health/", health.page, name="health"),
    path("orders/", orders.page, name="orders"),
    path("orders/<path:order_id>/", orders.one, name="orders-one"),
    path("search/", search.page, name="search"),
    path("saved/", saved.keep, name="saved-keep"),
    path("saved/<int:number>/end/", saved.end, name="saved-end"),
    path("data/", data.page, name="data"),
    path("data/uploads/", uploads.shown, name="data-uploads"),
    path("data/announce/", uploads.announce, name="data-announce"),
    path("data/send/", uploads.send, name="data-send"),
    path("data/uploads/<int:number>/read/", uploads.read, name="data-read"),
    path("data/uploads/<int:number>/<int:place>/", uploads.piece, name="data-piece"),
    path("data/mend/<slug:file_hash>/", uploads.mend, name="data-mend"),
    path("data/look/", uploads.look, name="data-look"),
    path("promises/", promises.page, name="promises"),
    path("again/<str:number>/<str:token>/", entrance.again, name="again"),
    path("account/tokens/", tokens.page, name="account-tokens"),
    path("account/tokens/<int:number>/end/", tokens.end, name="account-token-end"),
    path("account/", include("argosy.console.account_urls")),
    path("notices/", notices.page, name="notices"),
    path("notices/new/", notices.new, name="notices-new"),
    path("notices/<int:number>/<str:what>/", notices.change, name="notices-change"),
    path("settings/", settings.page, name="settings"),
    path("settings/<str:what>/", settings.change, name="settings-change"),
    path("audit/", audit.page, name="audit"),
    path("audit/verify/", audit.verify, name="audit-verify"),
    path("audit/log.<str:ending>", audit.export, name="audit-export"),
    path("earned/", earned.page, name="earned"),
    path("begin/", begin.page, name="begin"),
    path("words/", words.page, name="words"),
    path("guide/", guide.begin, name="guide"),
    path("guide/<path:path>", guide.page, name="guide-page"),
    path("metrics", metrics.page, name="metrics"),
    path("api/v1/", API.urls),
    re_path("^api/", no_such_address),
]
