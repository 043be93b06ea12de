"""Addresses of the fees."""

from __future__ import annotations

from django.urls import path

from maehia.services.views import fees, own_fees

urlpatterns = [
    path("staff/fees/", fees.listing, name="fees"),
    path("staff/fees/bank/", fees.bank, name="fees_bank"),
    path("staff/fees/bank/<int:number>/settle/", fees.settle, name="fees_settle"),
    path("staff/fees/receipts/", fees.receipts, name="fees_receipts"),
    path("staff/fees/daily/", fees.daily, name="fees_daily"),
    path("staff/fees/payee/", fees.payee, name="fees_payee"),
    path("staff/fees/<uuid:key>/", fees.invoice, name="fee"),
    path("staff/fees/<uuid:key>/pay/", fees.pay, name="fee_pay"),
    path("staff/fees/<uuid:key>/cancel/", fees.cancel, name="fee_cancel"),
    path("staff/fees/<uuid:key>/acknowledgement/", fees.acknowledgement, name="fee_ack"),
    path("follow/<slug:secret>/fees/", own_fees.by_link, name="follow_fees"),
    path("me/fees/", own_fees.mine, name="my_fees"),
]
