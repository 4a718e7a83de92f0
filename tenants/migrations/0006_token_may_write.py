from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0005_api_tokens")]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="may_write",
            field=models.BooleanField(default=False, verbose_name="May change things"),
        ),
    ]
