"""Fourth floor: reference geography, the same for everybody; the platform and its back office."""

from __future__ import annotations

from tests.permissions.matrix import table

SITE = table(
    "site",
    """
    # method address                         visitor member other referent administrator operator | elsewhere
    GET  /communes/contours/communes/35.json     200    200   200      200           200      200
    GET  /api/v1/municipalities/?q=ren           200    200   200      200           200      200
    GET  /api/v1/municipalities/35238/           200    200   200      200           200      200

    # Statistics are public: figures, what they mean, files, and the same for programs.
    GET  /observatoire/                          200    200   200      200           200      200
    GET  /observatoire/definitions/              200    200   200      200           200      200
    GET  /observatoire/carte.json                200    200   200      200           200      200
    GET  /observatoire/donnees.csv               200    200   200      200           200      200
    GET  /api/v1/observatory/                    200    200   200      200           200      200
    GET  /api/v1/observatory/figures/?measure=journeys 200 200 200     200           200      200

    # The logo of a partner is as public as the partner's rides; that of others is not here.
    GET  /regions-partenaires/{shares}/logo/     200    200   200      200           200      200 | 404

    # Agreements are the region's own, and its administrators'. That of « elsewhere » binds others.
    GET  /administration/conventions/             in    404   404      404           200       in
    GET  /administration/conventions/proposer/    in    404   404      404           200       in
    POST /administration/conventions/proposer/ < agreement in 404 404  404           302       in
    GET  /administration/conventions/{agreement}/ in    404   404      404           200       in | 404
    GET  /administration/conventions/{agreement}/modifier/ in 404 404  404           200       in | 404
    POST /administration/conventions/{agreement}/modifier/ < agreement in 404 404 404 302      in | 404
    POST /administration/conventions/{agreement}/signer/ < version in 404 404 404    302       in | 404
    POST /administration/conventions/{agreement}/suspendre/ in 404 404 404           302       in | 404
    POST /administration/conventions/{agreement}/reprendre/ in 404 404 404           302       in | 404
    POST /administration/conventions/{agreement}/terminer/  in 404 404 404           302       in | 404
    """,
)

PLATFORM = table(
    "platform",
    """
    # method address                       visitor member other referent administrator operator
    GET  /                                     200    200   200      200           200      200
    GET  /health/                              200    200   200      200           200      200
    GET  /regions/                              in     in    in       in            in      200
    GET  /communes/contours/communes/35.json   200    200   200      200           200      200

    # What regions have agreed to publish together, for everybody.
    GET  /observatoire/                        200    200   200      200           200      200
    GET  /observatoire/definitions/            200    200   200      200           200      200
    GET  /observatoire/carte.json              200    200   200      200           200      200
    GET  /observatoire/donnees.csv             200    200   200      200           200      200
    GET  /api/v1/observatory/                  200    200   200      200           200      200
    GET  /api/v1/observatory/figures/?measure=journeys 200 200 200   200           200      200
    GET  /api/v1/schema/                       200    200   200      200           200      200

    # Who shares with whom.
    GET  /federation/conventions/               in     in    in       in            in      200
    GET  /federation/conventions/{agreement}/   in     in    in       in            in      200

    # What regions tell one another, and what could not be carried over.
    GET  /federation/echanges/                  in     in    in       in            in      200
    POST /federation/echanges/{parked}/reessayer/  in  in    in       in            in      302
    POST /federation/echanges/{parked}/abandonner/ in  in    in       in            in      302

    # Municipalities and EPCI that merge or split: looked at, confirmed, done.
    GET  /territoires/                          in     in    in       in            in      200
    POST /territoires/ < territories            in     in    in       in            in      302
    GET  /territoires/{move}/                   in     in    in       in            in      200
    GET  /territoires/{move}/etat/              in     in    in       in            in      200
    POST /territoires/{move}/confirmer/         in     in    in       in            in      302
    POST /territoires/{move}/renoncer/          in     in    in       in            in      302
    POST /territoires/{move}/reprendre/         in     in    in       in            in      302

    # The back office: operators only, who sign in on the platform's own page.
    GET  /admin/                                in     in    in       in            in      200
    GET  /admin/login/                          in     in    in       in            in      302
    GET  /admin/logout/                         in     in    in       in            in      302
    GET  /admin/jsi18n/                         in     in    in       in            in      200
    GET  /admin/autocomplete/?app_label=tenants&model_name=domain&field_name=tenant&term=ic in in in in in 200
    GET  /admin/tenants/                        in     in    in       in            in      200
    GET  /admin/onboarding/                     in     in    in       in            in      200

    # Regions change here; they are made and removed by commands (403: to operators, not a secret).
    GET  /admin/tenants/tenant/                 in     in    in       in            in      200
    POST /admin/tenants/tenant/                 in     in    in       in            in      200
    GET  /admin/tenants/tenant/add/             in     in    in       in            in      403 never
    POST /admin/tenants/tenant/add/             in     in    in       in            in      403 never
    GET  /admin/tenants/tenant/{tenant}/        in     in    in       in            in      302
    GET  /admin/tenants/tenant/{tenant}/change/ in     in    in       in            in      200
    POST /admin/tenants/tenant/{tenant}/change/ < tenant    in in in  in            in      302
    GET  /admin/tenants/tenant/{tenant}/history/ in    in    in       in            in      200
    GET  /admin/tenants/tenant/{tenant}/delete/ in     in    in       in            in      403 never
    POST /admin/tenants/tenant/{tenant}/delete/ < sure      in in in  in            in      403 never

    # Hosts come and go; not the one that others redirect to.
    GET  /admin/tenants/domain/                 in     in    in       in            in      200
    POST /admin/tenants/domain/ < make_primary  in     in    in       in            in      302
    GET  /admin/tenants/domain/add/             in     in    in       in            in      200
    POST /admin/tenants/domain/add/ < domain    in     in    in       in            in      302
    GET  /admin/tenants/domain/{domain}/        in     in    in       in            in      302
    GET  /admin/tenants/domain/{domain}/change/ in     in    in       in            in      200
    POST /admin/tenants/domain/{domain}/change/ < host      in in in  in            in      302
    GET  /admin/tenants/domain/{domain}/history/ in    in    in       in            in      200
    GET  /admin/tenants/domain/{domain}/delete/ in     in    in       in            in      200
    POST /admin/tenants/domain/{domain}/delete/ < sure      in in in  in            in      302
    GET  /admin/tenants/domain/{primary}/delete/ in    in    in       in            in      403 gone
    POST /admin/tenants/domain/{primary}/delete/ < sure     in in in  in            in      403 gone

    # Profiles are made with their region.
    GET  /admin/onboarding/regionprofile/       in     in    in       in            in      200
    POST /admin/onboarding/regionprofile/       in     in    in       in            in      200
    GET  /admin/onboarding/regionprofile/add/   in     in    in       in            in      403 never
    POST /admin/onboarding/regionprofile/add/   in     in    in       in            in      403 never
    GET  /admin/onboarding/regionprofile/{tenant}/         in in in   in            in      302
    GET  /admin/onboarding/regionprofile/{tenant}/change/  in in in   in            in      200
    POST /admin/onboarding/regionprofile/{tenant}/change/ < region in in in in      in      302
    GET  /admin/onboarding/regionprofile/{tenant}/history/ in in in   in            in      200
    GET  /admin/onboarding/regionprofile/{tenant}/delete/  in in in   in            in      403 never
    POST /admin/onboarding/regionprofile/{tenant}/delete/ < sure in in in in        in      403 never
    """,
)
