"""Pages with their filters, kept under a name."""

from __future__ import annotations

from tests.console.conftest import Enter


def test_a_view_is_kept_shown_in_the_menu_and_forgotten(enter: Enter) -> None:
    browser = enter("operator")
    kept = browser.post("/saved/", {"name": "late in Brazil", "address": "/orders/?market=BR&state=late"})
    assert kept["Location"] == "/orders/?market=BR&state=late"
    menu = browser.get("/queue/").content.decode()
    assert 'href="/orders/?market=BR&amp;state=late"' in menu
    assert "late in Brazil" in menu
    assert "late in Brazil" not in enter("viewer").get("/queue/").content.decode()
    from argosy.console.models import SavedView

    one = SavedView.objects.get(name="late in Brazil")
    enter("viewer").post(f"/saved/{one.pk}/end/")
    assert SavedView.objects.filter(pk=one.pk).exists()
    browser.post(f"/saved/{one.pk}/end/")
    assert not SavedView.objects.filter(pk=one.pk).exists()


def test_the_same_name_means_the_new_address_and_other_places_are_not_kept(enter: Enter) -> None:
    from argosy.console.models import SavedView

    browser = enter("operator")
    for address in ("/orders/?market=DE", "/orders/?market=FR"):
        browser.post("/saved/", {"name": "mine", "address": address})
    assert [one.address for one in SavedView.objects.filter(name="mine")] == ["/orders/?market=FR"]
    for address in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        assert browser.post("/saved/", {"name": "bad", "address": address})["Location"] == "/"
    assert not SavedView.objects.filter(name="bad").exists()
    SavedView.objects.all().delete()
