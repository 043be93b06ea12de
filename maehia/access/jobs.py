"""What access does by itself: seals, reminders, cleaning up."""

from maehia.access.actions import remind_reviews, seal_reads
from maehia.kit.idempotency import forget_expired
from maehia.kit.jobs import periodic
from maehia.kit.rates import forget_old

periodic("access.seal", "*/5 * * * *")(seal_reads)
periodic("access.remind", "30 1 * * *")(remind_reviews)  # 08:30 in Bangkok
periodic("kit.forget_keys", "15 19 * * *")(forget_expired)
periodic("kit.forget_rates", "20 19 * * *")(forget_old)
