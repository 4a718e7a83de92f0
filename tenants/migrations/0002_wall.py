"""Row-level security for the ground's tables; audit and usage events can only grow; who started a job sees it from outside, too."""

from typing import ClassVar

from django.db import migrations

from tenants import rls


class Migration(migrations.Migration):
    # All but the first are for speed alone: what these packages change would be worked out anew for each model that stands on the ground.
    dependencies: ClassVar = [
        ("tenants", "0001_initial"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailembeds", "0009_embed_cache_until"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
        ("wagtailsearch", "0010_add_text_fields"),
        ("wagtailusers", "0015_userprofile_keyboard_shortcuts"),
    ]

    operations: ClassVar = [
        rls.protect("tenants_job", shared=("actor_id", "person")),
        rls.protect("tenants_outboxmessage"),
        rls.protect("tenants_auditevent"),
        rls.protect("tenants_usageevent"),
        rls.protect("tenants_privatefile", public=True),
        rls.append_only("tenants_auditevent"),
        rls.append_only("tenants_usageevent"),
        rls.same_tenant("tenants_outboxmessage", "tenants_privatefile", "attachment_id"),
    ]
