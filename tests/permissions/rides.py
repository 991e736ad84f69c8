"""Sixth floor: adverts and search. ``member`` is the author of every advert named here."""

from __future__ import annotations

from tests.permissions.matrix import table

SITE = table(
    "site",
    """
    # method address                           visitor member other referent administrator operator | elsewhere
    GET  /annonces/                                 in    200   200      200           200       in
    GET  /annonces/publier/                         in    200   200      200           200       in
    POST /annonces/publier/ < role                  in    302   302      302           302       in
    # Each has a draft of their own; without one, the steps lead to where one begins.
    GET  /annonces/publier/trajet/                  in    200   302      302           302       in
    POST /annonces/publier/passagers/ < seats       in    302   302      302           302       in
    GET  /annonces/publier/recapitulatif/           in    200   302      302           302       in
    POST /annonces/publier/abandonner/              in    302   302      302           302       in

    # Online, everyone sees it; paused, its author; deleted, nobody.
    GET  /annonces/{advert}/                       200    200   200      200           200      200 | 404
    GET  /annonces/{paused}/                       404    200   404      404           404      404 | 404
    GET  /annonces/{deleted}/                      404    404   404      404           404      404 | 404 gone

    # Those who run a line put its stops in order.
    GET  /annonces/lignes/{line}/arrets/            in    404   404      200           200       in | 404
    POST /annonces/lignes/{line}/arrets/ < line_stops in  404   404      302           302       in | 404

    # The map of a community is as public as the community.
    GET  /annonces/communaute/{community}/carte.json 200   200   200      200           200      200 | 404

    # Its author alone changes it: not the référent of its community, not the administrator.
    POST /annonces/{advert}/mettre-en-pause/        in    302   404      404           404       in | 404
    POST /annonces/{paused}/remettre-en-ligne/      in    302   404      404           404       in | 404
    GET  /annonces/{advert}/modifier/               in    200   404      404           404       in | 404
    POST /annonces/{advert}/modifier/               in    302   404      404           404       in | 404
    GET  /annonces/{advert}/modifier/passagers/     in    200   404      404           404       in | 404
    POST /annonces/{advert}/modifier/passagers/ < seats in 302  404      404           404       in | 404
    POST /annonces/{advert}/modifier/abandonner/    in    302   404      404           404       in | 404
    POST /annonces/{advert}/dupliquer/              in    302   404      404           404       in | 404
    GET  /annonces/{advert}/calendrier/             in    200   404      404           404       in | 404
    POST /annonces/{advert}/calendrier/ < ride      in    302   404      404           404       in | 404
    POST /annonces/{advert}/renouveler/             in    302   404      404           404       in | 404
    GET  /annonces/{deleted}/modifier/              in    404   404      404           404       in | 404 gone
    GET  /annonces/{advert}/supprimer/              in    200   404      404           404       in | 404
    POST /annonces/{advert}/supprimer/              in    302   404      404           404       in | 404
    POST /annonces/{deleted}/retablir/              in    302   404      404           404       in | 404

    # « other » asked for a ride of the member's advert: these two alone see the booking. The one
    # who asked for another ride awaits an answer that the author alone gives.
    GET  /reservations/nouvelle/{advert}/           in    404   200      200           200       in | 404
    GET  /reservations/nouvelle/{paused}/           in    404   409      409           409       in | 404
    GET  /reservations/nouvelle/{deleted}/          in    404   409      409           409       in | 404
    POST /reservations/nouvelle/{advert}/ < booking in    404   302      302           302       in | 404
    GET  /reservations/{booking}/                   in    200   200      404           404       in | 404
    POST /reservations/{booking}/accepter/          in    302   302      404           404       in | 404
    POST /reservations/{booking}/refuser/           in    302   302      404           404       in | 404
    POST /reservations/{booking}/point-de-rencontre/ < meeting in 302 302 404          404       in | 404
    POST /reservations/{booking}/point-prevu/       in    302   302      404           404       in | 404
    GET  /reservations/{booking}/annuler/           in    200   200      404           404       in | 404
    POST /reservations/{booking}/annuler/           in    302   302      404           404       in | 404
    POST /reservations/{booking}/retablir/          in    302   302      404           404       in | 404

    # A conversation is its two people's; what is reported, the administrators'.
    GET  /messages/                                 in    200   200      200           200       in
    GET  /messages/nouveau/{advert}/                in    404   302      200           200       in | 404
    POST /messages/nouveau/{advert}/ < message      in    404   302      302           302       in | 404
    GET  /messages/{thread}/                        in    200   200      404           404       in | 404
    POST /messages/{thread}/ < message              in    302   302      404           404       in | 404
    GET  /messages/{thread}/lignes/                 in    200   200      404           404       in | 404
    GET  /messages/{thread}/signaler/               in    200   200      404           404       in | 404
    POST /messages/{thread}/signaler/ < report      in    302   302      404           404       in | 404
    POST /messages/{thread}/bloquer/                in    302   302      404           404       in | 404
    POST /messages/{thread}/debloquer/              in    302   302      404           404       in | 404
    GET  /compte/notifications/                     in    200   200      200           200       in
    GET  /compte/personnes-bloquees/                in    200   200      200           200       in
    POST /compte/personnes-bloquees/ < nobody       in    302   302      302           302       in
    POST /compte/notifications/ < notifications     in    302   302      302           302       in
    GET  /administration/trajets/                   in    404   404      404           200       in
    POST /administration/trajets/ < rides_rules     in    404   404      404           302       in
    GET  /administration/lieux-de-covoiturage/      in    404   404      404           200       in
    GET  /administration/lieux-de-covoiturage/importer/ in 404  404      404           200       in
    POST /administration/lieux-de-covoiturage/importer/ < nothing in 404 404 404       422       in
    GET  /administration/signalements/              in    404   404      404           200       in
    POST /administration/signalements/{report}/traiter/ in 404  404      404           302       in | 404

    # « Mes trajets »; what arrived is its two people's. Links of mails and calendars are their own
    # key: whoever has one needs no sign-in, and another region knows neither.
    GET  /mes-trajets/                              in    200   200      200           200       in
    GET  /mes-trajets/{journey}/                    in    200   200      404           404       in | 404
    POST /mes-trajets/{journey}/dire/ < says        in    302   302      404           404       in | 404
    POST /mes-trajets/{journey}/merci/ < thanks     in    302   302      404           404       in | 404
    GET  /mes-trajets/recap/{recap}/               200    200   200      200           200      200 | 404
    POST /mes-trajets/recap/{recap}/               200    200   200      200           200      200 | 404
    GET  /compte/calendrier/                        in    200   200      200           200       in
    POST /compte/calendrier/                        in    302   302      302           302       in
    POST /compte/calendrier/revoquer/               in    302   302      302           302       in
    GET  /compte/calendrier/{calendar}.ics         200    200   200      200           200      200 | 404

    # What leaves the region: each offers and takes back their own. Rides of partners are as public
    # as the region's; those that an agreement shares with another region alone do not exist here.
    GET  /compte/ou-circulent-mes-donnees/          in    200   200      200           200       in
    GET  /compte/ou-circulent-mes-donnees/refuser/  in    200   200      200           200       in
    POST /compte/ou-circulent-mes-donnees/refuser/  in    302   302      302           302       in
    POST /compte/ou-circulent-mes-donnees/redemander/ in  302   302      302           302       in
    POST /compte/ou-circulent-mes-donnees/regions/{shares}/retirer/ in 302 302 302         302       in | 404
    POST /compte/ou-circulent-mes-donnees/regions/{shares}/autoriser/ in 302 302 302       302       in | 404
    POST /compte/ou-circulent-mes-donnees/{advert}/partager/ in 302 404  404           404       in | 404
    POST /compte/ou-circulent-mes-donnees/{advert}/retirer/  in 302 404  404           404       in | 404
    GET  /administration/mutualisation/             in    404   404      404           200       in
    POST /administration/mutualisation/ < pooling   in    404   404      404           302       in
    GET  /recherche/via/{partner}/                 200    200   200      200           200      200 | 404
    # Members write to their authors and ask for seats, as at home; then each has their own pages.
    POST /recherche/via/{partner}/reserver/         in    302   302      302           302       in | 404
    POST /recherche/via/{partner}/ecrire/           in    302   302      302           302       in | 404
    GET  /recherche/via/{partner}/signaler/         in    200   200      200           200       in | 404
    POST /recherche/via/{partner}/signaler/ < report in   302   302      302           302       in | 404
    GET  /recherche/via/{partner}/bloquer/          in    200   200      200           200       in | 404
    POST /recherche/via/{partner}/bloquer/          in    302   302      302           302       in | 404

    # Searching is for everyone.
    GET  /recherche/                               200    200   200      200           200      200
    GET  /recherche/?origin=Rennes&destination=Vitr%C3%A9&regular=1 200 200 200 200    200      200

    # Whoever is a member keeps searches; each sees and ends their own. A mail's link ends its own
    # alert for whoever follows it, and no other.
    GET  /recherche/alertes/                        in    200   200      200           200       in
    POST /recherche/alertes/creer/ < search         in    302   302      302           302       in
    POST /recherche/alertes/{alert}/supprimer/      in    302   404      404           404       in | 404
    POST /recherche/alertes/{alert}/retablir/       in    302   404      404           404       in | 404
    GET  /recherche/alertes/arreter/{alert_token}/ 200    200   200      200           200      200 | 404
    POST /recherche/alertes/arreter/{alert_token}/ 200    200   200      200           200      200 | 404

    # The API says the same.
    GET  /api/v1/carpool-places/                   200    200   200      200           200      200
    GET  /api/v1/adverts/                          200    200   200      200           200      200
    POST /api/v1/adverts/ < api_advert             403    201   201      201           201      403
    GET  /api/v1/adverts/{advert}/                 200    200   200      200           200      200 | 404
    PATCH /api/v1/adverts/{advert}/ < api_seats    403    200   404      404           404      403 | 404
    DELETE /api/v1/adverts/{advert}/               403    204   404      404           404      403 | 404
    GET  /api/v1/adverts/{paused}/                 404    200   404      404           404      404 | 404
    GET  /api/v1/adverts/{deleted}/                404    404   404      404           404      404 | 404 gone
    GET  /api/v1/bookings/                         403    200   200      200           200      403
    POST /api/v1/bookings/ < api_booking           403    404   201      201           201      403
    GET  /api/v1/bookings/{booking}/               403    200   200      404           404      403 | 404
    PATCH /api/v1/bookings/{booking}/ < api_cancel 403    200   200      404           404      403 | 404
    GET  /api/v1/conversations/                    403    200   200      200           200      403
    POST /api/v1/conversations/ < api_contact      403    404   201      201           201      403
    GET  /api/v1/conversations/{thread}/           403    200   200      404           404      403 | 404
    PATCH /api/v1/conversations/{thread}/ < api_read 403  200   200      404           404      403 | 404
    GET  /api/v1/conversations/{thread}/messages/  403    200   200      404           404      403 | 404
    POST /api/v1/conversations/{thread}/messages/ < api_message 403 201 201 404         404      403 | 404
    GET  /api/v1/journeys/                         403    200   200      200           200      403
    GET  /api/v1/journeys/{journey}/               403    200   200      404           404      403 | 404
    PATCH /api/v1/journeys/{journey}/ < api_says   403    200   200      404           404      403 | 404
    GET  /api/v1/search/?origin=35238&destination=35360&regular=true 200 200 200 200   200      200
    """,
)
