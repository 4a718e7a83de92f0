"""What the areas of a dataset mean in law; empty for all that there are."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("catalogue", "0002_wall"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="dataset",
            name="role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("floodplain", "Festgesetztes Überschwemmungsgebiet (§ 76 Abs. 2 WHG)"),
                    ("provisional", "Vorläufig gesichertes Überschwemmungsgebiet (§ 76 Abs. 3 WHG)"),
                    ("risk", "Risikogebiet außerhalb von Überschwemmungsgebieten (§ 78b WHG)"),
                    ("origin", "Hochwasserentstehungsgebiet (§ 78d WHG, § 76 SächsWG)"),
                    ("threatened", "Überschwemmungsgefährdetes Gebiet (§ 75 SächsWG)"),
                    ("reserve", "Naturschutzgebiet oder Nationalpark (§§ 23, 24 BNatSchG)"),
                    ("landscape", "Landschaftsschutzgebiet (§ 26 BNatSchG)"),
                    ("natura", "Natura-2000-Gebiet (§§ 31 bis 36 BNatSchG)"),
                    ("biotope", "Gesetzlich geschütztes Biotop (§ 30 BNatSchG)"),
                    ("protected", "Anderes Schutzgebiet (§§ 25, 27 bis 29 BNatSchG)"),
                    ("infrastructure", "Anlagen und Netze der Infrastruktur"),
                ],
                max_length=14,
                verbose_name="Meaning of the areas",
            ),
        ),
    ]
