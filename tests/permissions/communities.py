"""Fifth floor: communities. ``{community}`` has ``member`` and is run by ``referent``."""

from __future__ import annotations

from tests.permissions.matrix import table

SITE = table(
    "site",
    """
    # method address                         visitor member other referent administrator operator | elsewhere
    # Communities are public; one's own list, and creating one, ask for an account.
    GET  /communautes/                           200    200   200      200           200      200
    GET  /communautes/carte.json                 200    200   200      200           200      200
    GET  /communautes/mes/                        in    200   200      200           200       in
    GET  /communautes/creer/                     200    200   200      200           200      200
    GET  /communautes/creer/formulaire/           in    200   200      200           200       in
    POST /communautes/creer/formulaire/ < community in  302   302      302           302       in

    GET  /communautes/{community}/               200    200   200      200           200      200 | 404
    GET  /communautes/{inactive}/                404    404   404      404           404      404 | 404 gone
    GET  /communautes/{community}/lieu.json      200    200   200      200           200      200 | 404
    GET  /communautes/{inactive}/lieu.json       404    404   404      404           404      404 | 404 gone
    GET  /communautes/{community}/qr.svg         200    200   200      200           200      200 | 404
    GET  /communautes/{inactive}/qr.svg          404    404   404      404           404      404 | 404 gone
    # The sticker of a line is its members' own.
    GET  /communautes/{line}/vignette/            in    200   404      200           404       in | 404
    # What the type lets it say, for those who run it.
    GET  /communautes/{community}/fiche/          in    404   404      200           200       in | 404
    POST /communautes/{community}/fiche/ < own_fields in 404  404      302           302       in | 404
    GET  /communautes/{community}/creee/          in    404   404      200           404       in | 404

    # Joining leads to the page; leaving asks those who are in it, and refuses the last referent.
    GET  /communautes/{community}/rejoindre/      in    302   302      302           302       in | 404
    POST /communautes/{community}/rejoindre/      in    302   302      302           302       in | 404
    POST /communautes/{community}/choix/           in    302   404      302           404       in | 404
    GET  /communautes/{community}/quitter/        in    200   302      200           302       in | 404
    POST /communautes/{community}/quitter/        in    302   302      409           302       in | 404
    GET  /communautes/{community}/revenir/        in    302   302      302           302       in | 404
    POST /communautes/{community}/revenir/        in    302   302      302           302       in | 404

    # The console's list: the référent sees the communities they run, the administrator all.
    GET  /administration/communautes/             in    404   404      200           200       in
    GET  /administration/communautes/?format=xlsx in    404   404      200           200       in
    POST /administration/communautes/retablir/ < restore in 404 404    302           302       in

    # One community: its référents and the administrators; another's référent sees nothing of it.
    GET  /administration/communautes/{community}/             in 404 404 200 200 in | 404
    POST /administration/communautes/{community}/ < detail    in 404 404 302 302 in | 404
    GET  /administration/communautes/{neighbour}/             in 404 404 404 200 in | 404
    POST /administration/communautes/{neighbour}/ < detail    in 404 404 404 302 in | 404
    GET  /administration/communautes/{inactive}/              in 404 404 404 200 in | 404
    GET  /administration/communautes/{community}/parametres/  in 404 404 200 200 in | 404
    POST /administration/communautes/{community}/parametres/ < validation in 404 404 302 302 in | 404
    GET  /administration/communautes/{neighbour}/parametres/  in 404 404 404 200 in | 404
    GET  /administration/communautes/{community}/historique/  in 404 404 200 200 in | 404
    GET  /administration/communautes/{neighbour}/historique/  in 404 404 404 200 in | 404
    GET  /administration/communautes/{community}/supprimer/   in 404 404 200 200 in | 404
    POST /administration/communautes/{community}/supprimer/ < deletion in 404 404 302 302 in | 404
    POST /administration/communautes/{neighbour}/supprimer/ < neighbour_deletion in 404 404 404 302 in | 404
    POST /administration/communautes/{community}/retablir/    in 404 404 302 302 in | 404
    POST /administration/communautes/{neighbour}/retablir/    in 404 404 404 302 in | 404

    # Its members are seen and answered by the same people, and by nobody else.
    GET  /administration/communautes/{community}/membres/            in 404 404 200 200 in | 404
    GET  /administration/communautes/{community}/membres/?format=csv in 404 404 200 200 in | 404
    GET  /administration/communautes/{neighbour}/membres/            in 404 404 404 200 in | 404
    POST /administration/communautes/{community}/membres/modifier/ < standing in 404 404 302 302 in | 404
    POST /administration/communautes/{neighbour}/membres/modifier/ < standing in 404 404 404 302 in | 404
    POST /administration/communautes/{community}/membres/annuler/    in 404 404 302 302 in | 404
    POST /administration/communautes/{neighbour}/membres/annuler/    in 404 404 404 302 in | 404
    GET  /administration/communautes/{community}/membres/ajouter/    in 404 404 200 200 in | 404
    POST /administration/communautes/{community}/membres/ajouter/ < added in 404 404 302 302 in | 404
    GET  /administration/communautes/{neighbour}/membres/ajouter/    in 404 404 404 200 in | 404

    # With those of partner regions: whoever runs it, and of their own region's community only.
    GET  /administration/communautes/{community}/mutualisation/           in 404 404 200 200 in | 404
    GET  /administration/communautes/{neighbour}/mutualisation/           in 404 404 404 200 in | 404
    POST /administration/communautes/{community}/mutualisation/proposer/  in 404 404 302 302 in | 404
    POST /administration/communautes/{neighbour}/mutualisation/proposer/  in 404 404 404 302 in | 404
    POST /administration/communautes/{community}/mutualisation/accepter/  in 404 404 302 302 in | 404
    POST /administration/communautes/{neighbour}/mutualisation/accepter/  in 404 404 404 302 in | 404
    POST /administration/communautes/{community}/mutualisation/refuser/   in 404 404 302 302 in | 404
    POST /administration/communautes/{neighbour}/mutualisation/refuser/   in 404 404 404 302 in | 404
    POST /administration/communautes/{community}/mutualisation/retirer/   in 404 404 302 302 in | 404
    POST /administration/communautes/{neighbour}/mutualisation/retirer/   in 404 404 404 302 in | 404
    POST /administration/communautes/{community}/mutualisation/renommer/  in 404 404 302 302 in | 404
    POST /administration/communautes/{neighbour}/mutualisation/renommer/  in 404 404 404 302 in | 404
    POST /administration/communautes/{community}/mutualisation/detacher/  in 404 404 302 302 in | 404
    POST /administration/communautes/{neighbour}/mutualisation/detacher/  in 404 404 404 302 in | 404

    # One act on the whole list: asked first, followed and undone by the same people.
    POST /administration/communautes/{community}/membres/modifier/ < everyone in 404 404 200 200 in | 404
    POST /administration/communautes/{neighbour}/membres/modifier/ < everyone in 404 404 404 200 in | 404
    GET  /administration/communautes/{community}/membres/lot/{bulk_act}/      in 404 404 200 200 in | 404
    GET  /administration/communautes/{community}/membres/lot/{bulk_act}/etat/ in 404 404 200 200 in | 404
    POST /administration/communautes/{community}/membres/lot/{bulk_act}/annuler/ in 404 404 302 302 in | 404
    GET  /administration/communautes/{neighbour}/membres/lot/{next_act}/      in 404 404 404 200 in | 404
    GET  /administration/communautes/{neighbour}/membres/lot/{next_act}/etat/ in 404 404 404 200 in | 404
    POST /administration/communautes/{neighbour}/membres/lot/{next_act}/annuler/ in 404 404 404 302 in | 404

    # Rules of all communities: the region's administrators.
    GET  /administration/communautes/regles/      in    404   404      404           200       in
    POST /administration/communautes/regles/ < community_rules in 404 404 404        302       in

    # Imports: into the communities one runs; of communities, by those who manage the region's.
    GET  /administration/communautes/import/                        in 404 404 200 200 in
    GET  /administration/communautes/import/usagers/                in 404 404 200 200 in
    POST /administration/communautes/import/usagers/                in 404 404 422 422 in
    GET  /administration/communautes/import/communautes/            in 404 404 404 200 in
    POST /administration/communautes/import/communautes/            in 404 404 404 422 in
    GET  /administration/communautes/import/modele/members.csv      in 404 404 200 200 in
    GET  /administration/communautes/import/{import}/               in 404 404 200 200 in | 404
    GET  /administration/communautes/import/{import}/?format=csv    in 404 404 200 200 in | 404
    GET  /administration/communautes/import/{next_import}/          in 404 404 404 200 in | 404
    GET  /administration/communautes/import/{groups_import}/        in 404 404 404 200 in | 404
    GET  /administration/communautes/import/{import}/etat/          in 404 404 200 200 in | 404
    GET  /administration/communautes/import/{next_import}/etat/     in 404 404 404 200 in | 404
    GET  /administration/communautes/import/{import}/colonnes/      in 404 404 200 200 in | 404
    POST /administration/communautes/import/{import}/colonnes/      in 404 404 422 422 in | 404
    GET  /administration/communautes/import/{next_import}/colonnes/ in 404 404 404 200 in | 404
    POST /administration/communautes/import/{next_import}/colonnes/ in 404 404 404 422 in | 404
    POST /administration/communautes/import/{import}/relire/ < reading        in 404 404 302 302 in | 404
    POST /administration/communautes/import/{next_import}/relire/ < reading   in 404 404 404 302 in | 404
    POST /administration/communautes/import/{import}/importer/ < all_valid    in 404 404 302 302 in | 404
    POST /administration/communautes/import/{next_import}/importer/ < all_valid in 404 404 404 302 in | 404
    POST /administration/communautes/import/{groups_import}/importer/ < all_valid in 404 404 404 302 in | 404
    POST /administration/communautes/import/{import}/reprendre/     in 404 404 302 302 in | 404
    POST /administration/communautes/import/{next_import}/reprendre/ in 404 404 404 302 in | 404
    POST /administration/communautes/import/{import}/abandonner/    in 404 404 302 302 in | 404
    POST /administration/communautes/import/{next_import}/abandonner/ in 404 404 404 302 in | 404

    # An invitation is a link to whoever holds it; joining asks for an account.
    GET  /invitations/{invitation}/                     200 200 200 200 200 200 | 404
    POST /invitations/{invitation}/rejoindre/            in 302 302 302 302  in | 404
    POST /invitations/{invitation}/inscription/         302 302 302 302 302 302 | 404
    GET  /invitations/{invitation}/refuser/             200 200 200 200 200 200 | 404
    POST /invitations/{invitation}/refuser/             302 302 302 302 302 302 | 404

    # Handing over: those who run it offer, the person asked answers, members stand and vote.
    # ``{line}`` has an open vote and its member is asked to run it; ``{archived}`` is archived.
    GET  /communautes/{line}/relais/              in    200   404      200           404       in | 404
    GET  /communautes/{inactive}/relais/          in    404   404      404           404       in | 404 gone
    POST /communautes/{line}/relais/active/       in    404   404      302           404       in | 404
    POST /communautes/{line}/relais/nommer/       in    404   404      302           404       in | 404
    POST /communautes/{line}/relais/retirer/      in    404   404      302           404       in | 404
    POST /communautes/{line}/relais/repondre/ < accepts in 302 404     404           404       in | 404
    POST /communautes/{line}/relais/candidature/  in    302   404      302           404       in | 404
    POST /communautes/{line}/relais/vote/         in    302   404      302           404       in | 404
    GET  /communautes/{archived}/                410    200   410      200           410      410 | 404

    # Lists of what needs care, and the life of one community: the region's own.
    GET  /administration/communautes/inactives/   in    404   404      404           200       in
    GET  /administration/communautes/inactives/?format=csv in 404 404  404           200       in
    GET  /administration/communautes/supprimees/  in    404   404      200           200       in
    GET  /administration/communautes/supprimees/?format=csv in 404 404 200           200       in
    GET  /administration/communautes/{community}/vie/          in 404 404 404 200 in | 404
    GET  /administration/communautes/{community}/vie/contact/  in 404 404 404 200 in | 404
    POST /administration/communautes/{community}/vie/contact/ < contact in 404 404 404 302 in | 404
    POST /administration/communautes/{community}/vie/vote/     in 404 404 404 302 in | 404
    POST /administration/communautes/{community}/vie/decider/ < named in 404 404 404 302 in | 404
    POST /administration/communautes/{community}/vie/archiver/ in 404 404 404 302 in | 404
    POST /administration/communautes/{archived}/vie/rouvrir/   in 404 404 404 302 in | 404

    # The API says the same.
    GET  /api/v1/communities/                    200    200   200      200           200      200
    POST /api/v1/communities/ < api_community    403    201   201      201           201      403
    GET  /api/v1/communities/{community}/        200    200   200      200           200      200 | 404
    GET  /api/v1/communities/{inactive}/         404    404   404      404           404      404 | 404 gone
    POST /api/v1/communities/{community}/join/   403    200   200      200           200      403 | 404
    POST /api/v1/communities/{community}/leave/  403    200   200      409           200      403 | 404
    """,
)
