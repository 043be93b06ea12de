"""Shelters and who stays in them. How many are inside is counted by the database itself, in `ShelterLoad`.

Shelters, their load and the nightly count are of class `incident`: no affected people in them. Stays, what they need
and what desks told are of class `relief`.
"""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.db.models import F, Q

from maehia.emergency.models.incidents import Incident
from maehia.emergency.rules.shelters import HOWS, KINDS, OPEN_STAYS, PETS, SHELTER, STAY
from maehia.kit.crypto import EncryptedTextField
from maehia.kit.modes import ModeField

OPEN = Q(state__in=OPEN_STAYS)


def choices(words: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [(key, th) for key, (th, _) in words.items()]


class Holds(models.Model):
    """What a site holds. capacity_day: all who are there; capacity_night: who sleeps there. area_m2: to lie down on.

    flood_safe_m: the depth of water around it (m) up to which its floor stays dry. facilities: codes of the data file.
    """

    capacity_day = models.PositiveIntegerField()
    capacity_night = models.PositiveIntegerField()
    area_m2 = models.FloatField(null=True)
    toilets = models.PositiveIntegerField(null=True)
    water_l_day = models.FloatField(null=True)
    facilities = models.JSONField(default=list)
    pets = models.CharField(max_length=8, choices=choices(PETS), default="no")
    access = models.CharField(max_length=300, blank=True)
    flood_safe_m = models.FloatField(null=True)
    contact = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True


class ShelterSite(Holds):
    """A place that the town keeps ready, before anything happens. Shared by live and exercise, as places are.

    When somebody looked at it stands in `ShelterCheck` of readiness.
    """

    place_key = models.UUIDField(primary_key=True)


class Shelter(Holds):
    """A shelter of one incident on a place of the city. name and point as they were when it was planned."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="shelters")
    mode = ModeField()
    place_key = models.UUIDField()
    name = models.CharField(max_length=200)
    point = models.PointField(null=True)
    state = models.CharField(max_length=10, choices=SHELTER.choices(), default=SHELTER.start)
    planned_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "place_key"], condition=~Q(state="closed"), name="emergency_shelter_once"
            ),
            models.CheckConstraint(
                condition=Q(capacity_night__lte=F("capacity_day")), name="emergency_shelter_night_in_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ShelterLoad(models.Model):
    """How many are counted in a shelter. Written by triggers alone; the serving roles only read it.

    heads: open stays (out for a while counts, the place is kept); beds: those who sleep there; extra: places beyond
    the capacity that somebody allowed by name. The CHECK is what no check-in ever passes.
    """

    shelter = models.OneToOneField(Shelter, primary_key=True, on_delete=models.CASCADE, related_name="load")
    mode = ModeField()
    heads = models.IntegerField(default=0)
    beds = models.IntegerField(default=0)
    capacity_day = models.IntegerField()
    capacity_night = models.IntegerField()
    extra = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(heads__gte=0, beds__gte=0, extra__gte=0), name="emergency_load_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(heads__lte=F("capacity_day") + F("extra"), beds__lte=F("capacity_night") + F("extra")),
                name="emergency_load_within_capacity",
            ),
        ]


class ShelterOverride(models.Model):
    """More places than the capacity, allowed by name and with a reason. It ends only when nobody needs it any more."""

    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, related_name="overrides")
    mode = ModeField()
    places = models.PositiveIntegerField()
    reason = models.CharField(max_length=400)
    account = models.UUIDField()
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(places__gte=1) & ~Q(reason="") & ~Q(by_name=""), name="emergency_override_named"
            )
        ]


class ShelterDesk(models.Model):
    """A device that works without a signal for a day. key: opens what the device keeps; here for who forgot the PIN.

    band_from, band_to: numbers of wristbands set aside for it. off_s: how far its clock was behind ours at last sync.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, related_name="desks")
    mode = ModeField()
    account = models.UUIDField()
    name = models.CharField(max_length=80)
    key = EncryptedTextField()
    band_from = models.PositiveIntegerField()
    band_to = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    synced_at = models.DateTimeField(null=True)
    off_s = models.FloatField(default=0)


class ShelterBands(models.Model):
    """A run of wristband numbers, printed for a shelter or set aside for a desk."""

    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, related_name="bands")
    mode = ModeField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)


class Stay(models.Model):
    """One person in one shelter from coming to leaving; one who is moved gets a new stay and `came_from`.

    id: made by whoever wrote it down, also by a desk without a signal. person_key: of the register, as soon as it is
    known. age: in years when she came. band: of the wrist. party: people who came together. said_in_at: as the desk's
    clock said. off_s: how far that clock was behind ours.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, related_name="stays")
    mode = ModeField()
    state = models.CharField(max_length=16, choices=STAY.choices(), default=STAY.start)
    person_key = models.UUIDField(null=True)
    id_index = models.BinaryField(max_length=16, null=True)
    name = EncryptedTextField(null=True)
    phone = EncryptedTextField(null=True)
    phone_index = models.BinaryField(max_length=16, null=True)
    sex = models.CharField(max_length=1, blank=True)
    age = models.PositiveSmallIntegerField(null=True)
    moo = models.PositiveSmallIntegerField(null=True)
    band = models.CharField(max_length=12, blank=True)
    party = models.UUIDField(null=True)
    household_key = models.UUIDField(null=True)
    overnight = models.BooleanField(default=True)
    pets = models.PositiveSmallIntegerField(default=0)
    came_from = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="went_to")
    how = models.CharField(max_length=16, choices=choices(HOWS), blank=True)
    planned_at = models.DateTimeField(null=True)
    in_at = models.DateTimeField(null=True)
    said_in_at = models.DateTimeField(null=True)
    off_s = models.FloatField(default=0)
    out_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["shelter", "state"], name="emergency_stay_shelter"),
            models.Index(fields=["party"], name="emergency_stay_party", condition=Q(party__isnull=False)),
            models.Index(fields=["person_key"], name="emergency_stay_person", condition=Q(person_key__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mode", "person_key"], condition=OPEN & Q(person_key__isnull=False),
                name="emergency_stay_one_open",
            ),
            models.UniqueConstraint(
                fields=["mode", "id_index"], condition=OPEN & Q(id_index__isnull=False), name="emergency_stay_one_id"
            ),
            models.UniqueConstraint(fields=["mode", "band"], condition=OPEN & ~Q(band=""), name="emergency_stay_band"),
            models.CheckConstraint(
                condition=Q(state__in=("planned", "cancelled")) | Q(in_at__isnull=False), name="emergency_stay_came"
            ),
            models.CheckConstraint(
                condition=(Q(state="checked_out") & ~Q(how="") & Q(out_at__gte=F("in_at")))
                | (~Q(state="checked_out") & Q(how="", out_at=None)),
                name="emergency_stay_left_somehow",
            ),
        ]  # fmt: skip


class StayNeed(models.Model):
    """What somebody needs to be safe in the shelter, not the diagnosis; own table, own key, with its legal ground."""

    stay = models.ForeignKey(Stay, on_delete=models.CASCADE, related_name="needs")
    mode = ModeField()
    need = EncryptedTextField(ring="s26")
    ground = models.CharField(max_length=60)


class StayEvent(models.Model):
    """What was told of a stay: at the counter at once, by a desk perhaps a day later. The stay is what they add up to.

    instance: the id that the desk made. stay_key: no foreign key, an event may arrive before the stay begins. at: when
    it happened by our clock; said_at: as the desk said. body: the content, kept (encrypted) only until it is applied.
    problem: why it waits for a person: over_capacity, open_elsewhere, band_taken, shelter_shut, other_content, bad.
    """

    WAITS = "waits"
    STATES = [("applied", "บันทึกแล้ว"), ("early", "รอการเข้าพัก"), ("waits", "รอตัดสิน"), ("dropped", "ไม่ใช้")]

    instance = models.UUIDField()
    stay_key = models.UUIDField()
    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, related_name="events")
    mode = ModeField()
    kind = models.CharField(max_length=4, choices=choices(KINDS))
    how = models.CharField(max_length=16, choices=choices(HOWS), blank=True)
    at = models.DateTimeField()
    said_at = models.DateTimeField()
    off_s = models.FloatField(default=0)
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    desk = models.ForeignKey(ShelterDesk, null=True, on_delete=models.PROTECT, related_name="events")
    hash = models.BinaryField(max_length=32)
    body = EncryptedTextField(null=True)
    state = models.CharField(max_length=8, choices=STATES)
    problem = models.CharField(max_length=20, blank=True)
    solved_by = models.CharField(max_length=80, blank=True)
    solved_at = models.DateTimeField(null=True)
    solved_how = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["stay_key"], name="emergency_stayevent_stay"),
            models.Index(fields=["shelter", "at"], name="emergency_stayevent_at"),
            models.Index(fields=["shelter"], name="emergency_stayevent_waits", condition=Q(state="waits")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["instance", "hash"], name="emergency_stayevent_same"),
            models.UniqueConstraint(
                fields=["instance"], condition=~Q(problem="other_content"), name="emergency_stayevent_once"
            ),
        ]


class ShelterNight(models.Model):
    """The count of one evening, frozen. by_hand: an extra count; the one of 20:00 stands once per shelter and day.

    day_total: everybody who was there on that day; night_total: who sleeps there. sexes, ages, needs: counts by code.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, related_name="nights")
    mode = ModeField()
    day = models.DateField()
    by_hand = models.BooleanField(default=False)
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=80)
    day_total = models.PositiveIntegerField()
    night_total = models.PositiveIntegerField()
    present = models.PositiveIntegerField()
    came = models.PositiveIntegerField()
    left = models.PositiveIntegerField()
    capacity_night = models.PositiveIntegerField()
    sexes = models.JSONField(default=dict)
    ages = models.JSONField(default=dict)
    needs = models.JSONField(default=dict)

    class Meta:
        ordering = ["-taken_at"]
        constraints = [
            models.UniqueConstraint(fields=["shelter", "day"], condition=Q(by_hand=False), name="emergency_night_once")
        ]
