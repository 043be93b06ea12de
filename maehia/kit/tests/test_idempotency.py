"""A form sent twice makes one row; a retry gets the first answer."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, JsonResponse
from django.template import Context, Template
from django.test import RequestFactory

from maehia.kit import clock
from maehia.kit.idempotency import Created, forget_expired, idempotent, new_device, new_key
from maehia.kit.models import IdempotencyKey, Notice
from maehia.kit.notices import register_text
from maehia.kit.testing import NOW, AppTestCase, ConcurrentTestCase, in_threads

register_text("test.made", "สร้างแล้ว")


class Person:
    """Someone who is logged in."""

    is_authenticated = True

    def __init__(self):
        self.pk = uuid4()


def show(request, pk):
    return JsonResponse({"made": pk})


@idempotent("test.notice", show=show)
def make(request):
    if request.POST.get("title") == "":
        return HttpResponse("แบบฟอร์มยังไม่ครบ", status=422)
    if request.POST.get("title") == "boom":
        raise ZeroDivisionError
    row = Notice.objects.create(account_key="user:x", text_key="test.made", created_at=clock.now())
    return Created(row.pk)


def send(person=None, key="abcdefgh-1", **fields):
    request = RequestFactory().post(
        "/make/", {"idempotency_key": key, **fields}, headers={"Accept": "application/json"}
    )
    request.user = person
    return make(request)


class Sending(AppTestCase):
    def setUp(self):
        self.officer, self.neighbour = Person(), Person()

    def test_a_retry_gets_the_first_answer(self):
        first, again = send(self.officer, title="ไฟดับ"), send(self.officer, title="ไฟดับ")
        assert first.content == again.content
        assert Notice.objects.count() == 1

    def test_another_body_is_a_conflict(self):
        send(self.officer, title="ไฟดับ")
        answer = send(self.officer, title="น้ำท่วม")
        assert answer.status_code == 409
        assert Notice.objects.count() == 1

    def test_another_file_is_another_body(self):
        send(self.officer, title="x", photo=SimpleUploadedFile("a.jpg", b"one"))
        assert send(self.officer, title="x", photo=SimpleUploadedFile("a.jpg", b"one")).status_code == 200
        assert send(self.officer, title="x", photo=SimpleUploadedFile("a.jpg", b"two")).status_code == 409

    def test_the_key_of_another_actor_says_nothing(self):
        assert send(self.officer, title="ไฟดับ").content != send(self.neighbour, title="ไฟดับ").content

    def test_a_form_with_errors_leaves_the_key_free(self):
        assert send(self.officer, title="").status_code == 422
        assert send(self.officer, title="ไฟดับ").status_code == 200

    def test_an_error_leaves_the_key_free(self):
        with pytest.raises(ZeroDivisionError):
            send(self.officer, title="boom")
        assert send(self.officer, title="ไฟดับ").status_code == 200

    def test_without_a_key_nothing_is_made(self):
        for key in ("", "short", "with space and more", "x" * 81):
            assert send(self.officer, key=key, title="ไฟดับ").status_code == 400
        assert Notice.objects.count() == 0

    def test_a_visitor_needs_a_signed_device(self):
        device = new_device()
        assert send(None, title="ไฟดับ").status_code == 400
        assert send(None, title="ไฟดับ", idempotency_device="forged").status_code == 400
        assert send(None, title="ไฟดับ", idempotency_device=device).status_code == 200
        assert send(None, title="ไฟดับ", idempotency_device=device).status_code == 200
        assert Notice.objects.count() == 1

    def test_after_two_days_the_key_is_new_again(self):
        first = send(self.officer, title="ไฟดับ")
        with clock.at(NOW + timedelta(hours=49)):
            assert send(self.officer, title="น้ำท่วม").content != first.content
            assert forget_expired() == 0
        with clock.at(NOW + timedelta(hours=98)):
            assert forget_expired() == 1

    def test_nothing_of_the_body_is_kept(self):
        send(self.officer, title="นายกมล ใจดี")
        row = IdempotencyKey.objects.get()
        assert len(bytes(row.body_hash)) == 32
        assert "กมล" not in f"{row.actor}{row.route}{row.key}{row.result}"

    def test_a_json_body_counts_too(self):
        def post(body):
            request = RequestFactory().post(
                "/make/", body, content_type="application/json", headers={"Idempotency-Key": "abcdefgh-2"}
            )
            request.user = self.officer
            return make(request)

        assert [post('{"a": 1}').status_code, post('{"a": 1}').status_code, post('{"a": 2}').status_code] == [
            200,
            200,
            409,
        ]

    def test_two_files_of_one_field_count_both(self):
        def post(*bodies):
            files = [SimpleUploadedFile("a.jpg", body) for body in bodies]
            request = RequestFactory().post("/make/", {"files": files}, headers={"Idempotency-Key": "abcdefgh-3"})
            request.user = self.officer
            return make(request).status_code

        assert [post(b"one", b"two"), post(b"one", b"two"), post(b"one", b"three")] == [200, 200, 409]

    def test_a_get_passes(self):
        @idempotent("test.page", show=show)
        def page(request):
            return HttpResponse("หน้า")

        assert page(RequestFactory().get("/")).status_code == 200

    def test_people_get_a_page_and_programs_json(self):
        request = RequestFactory().post("/make/", {})
        request.user = self.officer
        answer = make(request)
        assert answer.status_code == 400
        assert "หมายเลขกำกับ" in answer.content.decode()

    def test_a_form_carries_key_and_device(self):
        template = Template("{% load maehia_kit %}{% idempotency_key %}")
        request = RequestFactory().get("/")
        request.user = None
        assert "idempotency_device" in template.render(Context({"request": request}))
        request.user = self.officer
        assert "idempotency_device" not in template.render(Context({"request": request}))

    def test_a_form_that_comes_back_keeps_its_key(self):
        request = RequestFactory().post("/", {"idempotency_key": "abcdefgh-9"})
        request.user = self.officer
        template = Template("{% load maehia_kit %}{% idempotency_key %}")
        assert "abcdefgh-9" in template.render(Context({"request": request}))


class SendingAtOnce(ConcurrentTestCase):
    def test_eight_taps_make_one_row(self):
        officer, key = Person(), new_key()
        answers = in_threads(8, lambda _: send(officer, key=key, title="ไฟดับ").content)
        assert len(set(answers)) == 1
        assert Notice.objects.count() == 1
