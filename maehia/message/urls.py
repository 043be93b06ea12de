"""Addresses of the messages. Included inside i18n_patterns."""

from __future__ import annotations

from django.urls import path

from maehia.message.views import broadcast, connections, mine, outbox, phone, templates, terms

app_name = "message"
urlpatterns = [
    path("staff/connections/", connections.index, name="connections"),
    path("staff/connections/<str:key>/test/", connections.test, name="connection_test"),
    path("staff/connections/line/menu/", connections.menu, name="line_menu"),
    path("staff/connections/line/events/<int:pk>/", connections.retry, name="line_retry"),
    path("staff/messages/", outbox.index, name="list"),
    path("staff/messages/send/", broadcast.index, name="broadcast"),
    path("staff/messages/texts/", templates.index, name="templates"),
    path("staff/messages/texts/<str:key>/", templates.edit, name="template"),
    path("staff/messages/texts/<str:key>/undo/", templates.undo, name="template_undo"),
    path("staff/messages/terms/", terms.index, name="terms"),
    path("staff/messages/terms/<str:key>/", terms.edit, name="term"),
    path("staff/messages/<uuid:pk>/", outbox.show, name="one"),
    path("staff/messages/<uuid:pk>/resend/", outbox.again, name="resend"),
    path("me/messages/", mine.index, name="mine"),
    path("me/messages/unlink/", mine.unlink, name="unlink"),
    path("line/", mine.line, name="line"),
    path("demo/line/", phone.index, name="phone"),
    path("demo/line/chat/", phone.chat, name="phone_chat"),
    path("demo/line/say/", phone.speak, name="phone_say"),
    path("demo/line/photo/<int:number>/", phone.photo, name="phone_photo"),
]
