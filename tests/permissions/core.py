"""Second floor: the shell, accounts, files, and what belongs to the API as a whole."""

from __future__ import annotations

from tests.permissions.matrix import table

SITE = table(
    "site",
    """
    # method address                       visitor member other referent administrator operator | elsewhere
    # The shell. Pages about the service are for everyone; messages are one's own.
    GET  /                                     200    200   200      200           200      200
    POST /lang/ < language                     302    302   302      302           302      302
    POST /apparence/ < scheme                  302    302   302      302           302      302
    GET  /comment-ca-marche/                   200    200   200      200           200      200
    GET  /accessibilite/                       200    200   200      200           200      200
    GET  /mentions-legales/                    200    200   200      200           200      200

    # Registering is for those who are not signed in; each step waits for the one before.
    GET  /compte/inscription/                  200    302   302      302           302      200
    POST /compte/inscription/ < credentials    302    302   302      302           302      302
    GET  /compte/inscription/identite/         302    302   302      302           302      302
    POST /compte/inscription/identite/ < identity     302 302 302    302           302      302
    GET  /compte/inscription/territoire/       302    302   302      302           302      302
    POST /compte/inscription/territoire/ < residence  302 302 302    302           302      302
    GET  /compte/inscription/code/             302    302   302      302           302      302
    POST /compte/inscription/code/ < code      302    302   302      302           302      302
    GET  /compte/charte/                       200    200   200      200           200      200

    # Signing in and out; the forgotten password, whose later pages wait for the first.
    GET  /compte/connexion/                    200    302   302      302           302      200
    POST /compte/connexion/ < sign_in          302    302   302      302           302      302
    POST /compte/connexion/ < operator_sign_in 200    302   302      302           302      200
    GET  /compte/deconnexion/                  302    200   200      200           200      302
    POST /compte/deconnexion/                  302    302   302      302           302      302
    GET  /compte/mot-de-passe/oublie/          200    200   200      200           200      200
    POST /compte/mot-de-passe/oublie/ < email  302    302   302      302           302      302
    GET  /compte/mot-de-passe/oublie/code/     302    302   302      302           302      302
    POST /compte/mot-de-passe/oublie/code/ < code     302 302 302    302           302      302
    GET  /compte/mot-de-passe/oublie/nouveau/  302    302   302      302           302      302
    POST /compte/mot-de-passe/oublie/nouveau/ < new_password 302 302 302 302       302      302
    GET  /compte/mot-de-passe/change/          302    302   302      302           302      302

    # One's own account: there is no address of anybody else's.
    GET  /compte/                               in    200   200      200           200       in
    GET  /compte/modifier/                      in    200   200      200           200       in
    POST /compte/modifier/ < profile            in    302   302      302           302       in
    POST /compte/actualites/ < consent          in    302   302      302           302       in
    GET  /compte/mes-donnees/                   in    200   200      200           200       in
    GET  /compte/supprimer/                     in    200   200      200           200       in
    POST /compte/supprimer/ < password          in    302   302      302           302       in
    GET  /compte/mot-de-passe/                  in    200   200      200           200       in
    POST /compte/mot-de-passe/ < password_change in   302   302      302           302       in
    GET  /compte/adresse/                       in    200   200      200           200       in
    POST /compte/adresse/ < new_email           in    302   302      302           302       in
    GET  /compte/adresse/code/                 302    302   302      302           302      302
    POST /compte/adresse/code/ < code          302    302   302      302           302      302

    # The second factor is one's own; its code is asked for between the password and the session.
    GET  /compte/double-authentification/       in    200   200      200           200       in
    POST /compte/double-authentification/ < code in   200   200      200           200       in
    GET  /compte/connexion/code/               302    302   302      302           302      302
    POST /compte/connexion/code/ < code        302    302   302      302           302      302

    # Files: a signed link is the permission; what is public is public, in its region.
    GET  /fichiers/prive/{token}/              200    200   200      200           200      200 | 404
    GET  /fichiers/public/{public_file}        200    200   200      200           200      200 | 404

    # The console is for those to whom one of its pages is open; for others there is none.
    GET  /administration/                       in    404   404      200           200       in

    # People are for who administers; nobody else learns who is there. A file names its person.
    GET  /administration/utilisateurs/                      in 404 404 404 200 in
    GET  /administration/utilisateurs/?format=csv           in 404 404 404 200 in
    GET  /administration/utilisateurs/{person}/             in 404 404 404 200 in | 404
    POST /administration/utilisateurs/{person}/suspendre/ < why in 404 404 404 302 in | 404
    POST /administration/utilisateurs/{person}/retablir/    in 404 404 404 302 in | 404
    POST /administration/utilisateurs/{person}/roles/ < analyst in 404 404 404 302 in | 404

    # Its search finds what each may open.
    GET  /administration/recherche/?q=a         in    404   404      200           200       in

    # The region's settings are for who administers all of it.
    GET  /administration/parametres/                        in 404 404 404 200 in
    POST /administration/parametres/ < rules                in 404 404 404 302 in

    # The API: a session, or nothing.
    GET  /api/v1/schema/                       200    200   200      200           200      200
    GET  /api/v1/me/                           403    200   200      200           200      403
    """,
)

CONSOLE = table(
    "console",
    """
    # method address                       visitor member other referent administrator operator
    # Only what differs from the same address on the site: nobody registers here.
    GET  /                                     302    302   302      302           302      302
    GET  /connect.html                         302    302   302      302           302      302
    GET  /compte/inscription/                  302    302   302      302           302      302
    """,
)

PLATFORM = table(
    "platform",
    """
    # method address                       visitor member other referent administrator operator
    POST /lang/ < language                     302    302   302      302           302      302
    POST /apparence/ < scheme                  302    302   302      302           302      302
    GET  /accessibilite/                       200    200   200      200           200      200
    GET  /mentions-legales/                    200    200   200      200           200      200
    GET  /styleguide/                          200    200   200      200           200      200

    # Nobody registers on the platform: operators are named. Signed in, one is led home.
    GET  /compte/inscription/                  404    404   404      404           404      302
    POST /compte/inscription/ < credentials    404    404   404      404           404      302
    GET  /compte/inscription/identite/         404    404   404      404           404      302
    POST /compte/inscription/identite/ < identity     404 404 404    404           404      302
    GET  /compte/inscription/territoire/       404    404   404      404           404      302
    POST /compte/inscription/territoire/ < residence  404 404 404    404           404      302
    GET  /compte/inscription/code/             404    404   404      404           404      302
    POST /compte/inscription/code/ < code      404    404   404      404           404      302
    GET  /compte/charte/                       200    200   200      200           200      200

    # A member's address and password are unknown here.
    GET  /compte/connexion/                    200    200   200      200           200      302
    POST /compte/connexion/ < sign_in          200    200   200      200           200      302
    POST /compte/connexion/ < operator_sign_in 302    302   302      302           302      302
    GET  /compte/deconnexion/                  302    302   302      302           302      200
    POST /compte/deconnexion/                  302    302   302      302           302      302
    GET  /compte/mot-de-passe/oublie/          200    200   200      200           200      200
    POST /compte/mot-de-passe/oublie/ < email  302    302   302      302           302      302
    GET  /compte/mot-de-passe/oublie/code/     302    302   302      302           302      302
    POST /compte/mot-de-passe/oublie/code/ < code     302 302 302    302           302      302
    GET  /compte/mot-de-passe/oublie/nouveau/  302    302   302      302           302      302
    POST /compte/mot-de-passe/oublie/nouveau/ < new_password 302 302 302 302       302      302
    GET  /compte/mot-de-passe/change/          302    302   302      302           302      302

    GET  /compte/                               in     in    in       in            in      200
    GET  /compte/modifier/                      in     in    in       in            in      200
    POST /compte/modifier/ < profile            in     in    in       in            in      302
    POST /compte/actualites/ < consent          in     in    in       in            in      302
    GET  /compte/mes-donnees/                   in     in    in       in            in      200
    GET  /compte/supprimer/                     in     in    in       in            in      200
    POST /compte/supprimer/ < password          in     in    in       in            in      302
    GET  /compte/mot-de-passe/                  in     in    in       in            in      200
    POST /compte/mot-de-passe/ < password_change in    in    in       in            in      302
    GET  /compte/double-authentification/       in     in    in       in            in      200
    POST /compte/double-authentification/ < code in    in    in       in            in      200
    GET  /compte/connexion/code/               302    302   302      302           302      302
    POST /compte/connexion/code/ < code        302    302   302      302           302      302
    GET  /compte/adresse/                       in     in    in       in            in      200
    POST /compte/adresse/ < new_email           in     in    in       in            in      302
    GET  /compte/adresse/code/                 302    302   302      302           302      302
    POST /compte/adresse/code/ < code          302    302   302      302           302      302
    """,
)
