"""Addresses of the ground's pages."""

from django.urls import path

from tenants.views import county, jobs, outlines, people, profile, tenant

urlpatterns = [
    path("gemeinden.geojson", outlines.outlines, name="outlines"),
    path("theme/<slug:slug>.css", tenant.theme, name="tenant_theme"),
    path("einladung/<str:token>/", people.AcceptInvitation.as_view(), name="accept_invitation"),
    path("arbeit/mandant/", tenant.SwitchTenant.as_view(), name="switch_tenant"),
    path("arbeit/profil/", people.Profile.as_view(), name="profile"),
    path("arbeit/profil/schluessel/", profile.Tokens.as_view(), name="tokens"),
    path("arbeit/profil/schluessel/<int:pk>/widerrufen/", profile.RevokeToken.as_view(), name="revoke_token"),
    path("arbeit/personen/", people.People.as_view(), name="people"),
    path("arbeit/personen/einladen/", people.Invite.as_view(), name="invite"),
    path("arbeit/personen/<int:pk>/rollen/", people.ChangeRoles.as_view(), name="change_roles"),
    path("arbeit/personen/<int:pk>/entfernen/", people.DeactivateMember.as_view(), name="deactivate_member"),
    path(
        "arbeit/einladungen/<int:pk>/zurueckziehen/",
        people.RevokeInvitation.as_view(),
        name="revoke_invitation",
    ),
    path("arbeit/erscheinungsbild/", tenant.Brand.as_view(), name="brand"),
    path("arbeit/adressen/", tenant.HostNames.as_view(), name="host_names"),
    path("arbeit/adressen/<int:pk>/entfernen/", tenant.RemoveHostName.as_view(), name="remove_host_name"),
    path("arbeit/protokoll/", tenant.AuditLog.as_view(), name="audit_log"),
    path("arbeit/auftraege/<uuid:public_id>/", jobs.JobPage.as_view(), name="job"),
    path("arbeit/auftraege/<uuid:public_id>/stand/", jobs.JobState.as_view(), name="job_state"),
    path("arbeit/auftraege/<uuid:public_id>/abbrechen/", jobs.CancelJob.as_view(), name="cancel_job"),
    path("arbeit/mandanten/", county.TenantList.as_view(), name="tenant_list"),
    path("arbeit/mandanten/neu/", county.CreateTenant.as_view(), name="create_tenant"),
    path("arbeit/mandanten/<slug:slug>/", county.ChangeTenant.as_view(), name="change_tenant"),
    path(
        "arbeit/mandanten/<slug:slug>/einladen/",
        county.InviteFirstAdmin.as_view(),
        name="invite_first_admin",
    ),
    path("arbeit/notzugang/", county.EmergencyAccesses.as_view(), name="emergency_access"),
    path(
        "arbeit/notzugang/<int:pk>/beenden/",
        county.CloseEmergencyAccess.as_view(),
        name="close_emergency_access",
    ),
]
