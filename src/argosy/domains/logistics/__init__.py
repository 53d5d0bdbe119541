"""Goods on their way to buyers: lanes, customs, carriers' bills, promises about to break."""

from argosy.domains.check import Check, Remedy
from argosy.domains.logistics import bills, lanes, late, remedies

BILLS = ("carrier_charges", "shipments")
CHECKS = (
    Check("logistics.lane_slowed", ("orders", "shipments"), lanes.lane_slowed),
    Check("logistics.customs_hold", ("orders", "shipments", "tracking_events"), lanes.customs_hold),
    Check("logistics.handling_slow", ("orders", "shipments"), lanes.handling_slow),
    Check("logistics.parcel_likely_late", ("orders", "shipments"), late.parcel_likely_late),
    Check("logistics.carrier_bill_above_contract", BILLS, bills.carrier_bill_above_contract),
    Check("logistics.carrier_billed_twice", ("carrier_charges",), bills.carrier_billed_twice),
    Check("logistics.duty_up", ("customs_charges", "shipments"), bills.duty_up),
)
REMEDIES: dict[str, Remedy] = {
    "logistics.lane_slowed": remedies.faster_lane,
    "logistics.customs_hold": remedies.ask_customs,
    "logistics.handling_slow": remedies.speed_handling,
    "logistics.parcel_likely_late": remedies.tell_buyers,
    "logistics.carrier_bill_above_contract": remedies.claim_overcharge,
    "logistics.carrier_billed_twice": remedies.claim_twice,
    "logistics.duty_up": remedies.ask_duty,
}
