# scim2-cli as it is, but for one thing: its generator of test values (scim2_tester.filling) knows every attribute type of
# RFC 7643 section 2.3 except dateTime, and gives a UUID, which its own models refuse before anything is sent. Here a
# dateTime attribute gets a moment. Nothing else is touched: no check, no comparison, no other value.
import random
import sys
from datetime import datetime, timedelta, timezone

import scim2_cli
from scim2_tester import filling

generate = filling.generate_random_value


def generate_with_dates(context, path, **restrictions):
    value = generate(context, path=path, **restrictions)
    binding = path.resolve()
    if value is None or binding is None or binding.target_type is not datetime:
        return value
    moment = datetime(2020, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=random.randrange(200_000_000))
    return [moment] if binding.target_is_multivalued else moment


for name, module in list(sys.modules.items()):
    if name.startswith("scim2_tester.") and getattr(module, "generate_random_value", None) is generate:
        module.generate_random_value = generate_with_dates

scim2_cli.cli()
