"""The addresses of the console."""

from __future__ import annotations

from django.urls import include, path

from argosy.console.pages import (
    brief,
    data,
    entrance,
    goods,
    health,
    money,
    orders,
    preferences,
    promises,
    queue,
    search,
    uploads,
)

handler403 = "argosy.console.pages.errors.not_allowed"
handler404 = "argosy.console.pages.errors.not_found"
handler500 = "argosy.console.pages.errors.broken"

urlpatterns = [
    path("", brief.page, name="brief"),
    path("queue/", queue.page, name="queue"),
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
    path("data/", data.page, name="data"),
    path("data/uploads/", uploads.shown, name="data-uploads"),
    path("data/announce/", uploads.announce, name="data-announce"),
    path("data/send/", uploads.send, name="data-send"),
    path("data/uploads/<int:number>/read/", uploads.read, name="data-read"),
    path("data/uploads/<int:number>/<int:place>/", uploads.piece, name="data-piece"),
    path("data/mend/<slug:file_hash>/", uploads.mend, name="data-mend"),
    path("data/look/", uploads.look, name="data-look"),
    path("promises/", promises.page, name="promises"),
    path("account/", include("allauth.urls")),
]
for _n in (
    "money",
    "promises",
    "products",
    "markets",
    "data",
    "earned",
    "audit",
    "settings",
    "account",
):
    if not any(getattr(u, "name", "") == _n for u in urlpatterns):
        urlpatterns.append(path(f"{_n}/", brief.page, name=_n))
