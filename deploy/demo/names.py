"""Common first and last names of France, for people who do not exist."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


WOMEN: Final = _words(
    "Adèle Agathe Aïcha Alice Aline Amandine Amina Anaïs Angèle Anne Annick Armelle Audrey "
    "Aurélie Béatrice Bérénice Camille Carole Caroline Catherine Cécile Céline Chantal "
    "Charlotte Chloé Christine Claire Clara Clémence Coline Corinne Delphine Diane Éléonore "
    "Élise Élodie Emma Estelle Eva Fanny Fatima Fatou Flavie Florence Françoise Gaëlle "
    "Gwenaëlle Hélène Inès Ingrid Isabelle Jade Jeanne Joëlle Josiane Julie Juliette Justine "
    "Karine Laetitia Laure Laurence Léa Leïla Léna Lina Lise Louise Lucie Maëlys Maïwenn Manon "
    "Margaux Margot Marianne Marie Marine Marion Martine Mathilde Mélanie Mélissa Morgane "
    "Muriel Nadège Nadia Nathalie Nina Noémie Nolwenn Odile Océane Patricia Pauline Perrine "
    "Rachel Romane Rozenn Sabrina Salomé Samia Sandra Sandrine Sarah Séverine Simone Solène "
    "Sonia Sophie Stéphanie Sylvie Valérie Véronique Victoire Virginie Yasmine Zoé"
)

MEN: Final = _words(
    "Adèle Agathe Aïcha Alice Aline Amandine Amina Anaïs Angèle Anne Annick Armelle Audrey "
    "Aurélie Béatrice Bérénice Camille Carole Caroline Catherine Cécile Céline Chantal "
    "Charlotte Chloé Christine Claire Clara Clémence Coline Corinne Delphine Diane Éléonore "
    "Élise Élodie Emma Estelle Eva Fanny Fatima Fatou Flavie Florence Françoise Gaëlle "
    "Gwenaëlle Hélène Inès Ingrid Isabelle Jade Jeanne Joëlle Josiane Julie Juliette Justine "
    "Karine Laetitia Laure Laurence Léa Leïla Léna Lina Lise Louise Lucie Maëlys Maïwenn Manon "
    "Margaux Margot Marianne Marie Marine Marion Martine Mathilde Mélanie Mélissa Morgane "
    "Muriel Nadège Nadia Nathalie Nina Noémie Nolwenn Odile Océane Patricia Pauline Perrine "
    "Rachel Romane Rozenn Sabrina Salomé Samia Sandra Sandrine Sarah Séverine Simone Solène "
    "Sonia Sophie Stéphanie Sylvie Valérie Véronique Victoire Virginie Yasmine Zoé"
)

LAST: Final = _words(
    "Adam André Arnaud Aubert Bailly Barbier Baron Benoit Berger Bernard Bertin Bertrand Besson "
    "Blanchard Bonnet Bouchet Boucher Boulanger Bourgeois Boyer Breton Brun Brunet Carlier "
    "Caron Carpentier Charpentier Chevalier Clément Colin Collet Cordier Cousin Daniel David "
    "Delattre Deschamps Diallo Dubois Dufour Dumas Dumont Dupont Dupuis Durand Duval Étienne "
    "Fabre Faure Fernandez Fleury Fontaine Fournier François Gaillard Garcia Garnier Gautier "
    "Georges Gérard Germain Girard Giraud Gonzalez Grenier Guérin Guichard Guillaume Guillot "
    "Haddad Hamon Henry Hervé Hubert Huet Humbert Jacquet Jean Joly Julien Lacroix Laine "
    "Lambert Langlois Laurent Leblanc Lebrun Leclerc Lecomte Lefebvre Léger Legrand Lemaire "
    "Lemoine Leroux Leroy Lévêque Lopez Louis Lucas Mahé Maillard Mallet Marchand Maréchal "
    "Marie Martin Martinez Marty Masson Mathieu Maury Menard Mercier Meunier Meyer Michel "
    "Millet Monnier Moreau Morel Morin Moulin Muller Nguyen Nicolas Noël Olivier Paris Pasquier "
    "Perez Perret Perrin Petit Philippe Picard Pierre Poirier Pons Prévost Rémy Renard Renaud "
    "Rey Reynaud Richard Rivière Robert Robin Roche Roger Rolland Rousseau Roussel Roux Roy "
    "Royer Sanchez Schmitt Simon Texier Thomas Traoré Vasseur Vidal Vincent Weber"
)
