from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("participation", "0002_wall"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="submitter",
            name="language",
            field=models.CharField(
                choices=[("de", "German"), ("en", "English")],
                default="de",
                help_text="In which the form was filled in.",
                max_length=2,
                verbose_name="Language of mails",
            ),
        ),
    ]
