import type { SiteWords } from './site-words.ts';

export const FRENCH: SiteWords = {
  language: 'fr',
  navigation: 'Navigation principale',
  about: 'À propos',
  aboutTitle: 'À propos\u00a0: {name}',
  asOf: 'État au {date}',
  recentCorrections: 'Corrections récentes',
  noCorrections: 'Aucune correction n’a été publiée.',
  correctionsOf: 'Corrections\u00a0: {year}',
  notFound: 'Page introuvable',
  notFoundText:
    'Il n’y a rien à cette adresse. Elle est peut-être mal écrite, ou l’article se trouve dans une édition plus récente.',
  related: 'Articles liés',
  permanentCopy: 'Copie permanente',
  permanentText:
    'Cette adresse désigne exactement ce texte et ces images. Personne ne peut changer ce à quoi elle mène.',
  checkArticle: 'Vérifier cet article',
  keepCategory:
    'Cette adresse désigne tout ce que contient cette rubrique. Qui l’épingle en conserve la totalité, avec chaque révision.',
  publicationId: 'Identifiant de la publication',
  idText:
    'Cet identifiant désigne la publication pour toujours, et personne d’autre ne peut l’avoir. Comparez-le à celui que donne une source à laquelle vous vous fiez.',
  qrCode: 'Code QR de l’identifiant de la publication',
  name: 'Nom',
  nameText: 'Ce nom mène à l’édition la plus récente.',
  keys: 'Clés en vigueur',
  keysText: 'Ours n°\u00a0{version}, valable jusqu’au {date}',
  roles: {
    masthead: 'Décident qui peut signer',
    edition: 'Signent les éditions',
    desk: 'Signent les articles',
    log: 'Signent le journal des publications',
    name: 'Signent le nom',
  },
  threshold: '{threshold} sur {count} doivent signer',
  howToCheck: 'Comment vérifier ce journal',
  checkText:
    'Téléchargez un article ou tout le journal par «\u00a0Download IPFS\u00a0», puis vérifiez le fichier\u00a0:',
  howToMirror: 'Comment héberger une copie de ce journal',
  mirrorText: 'Chacun peut en garder une copie et la transmettre, sans clé et sans autorisation\u00a0:',
  mirrors: 'Miroirs',
  search: {
    title: 'Recherche',
    label: 'Mots à rechercher',
    hint: 'La recherche porte sur les titres, les résumés, les auteurs, les rubriques et les mots les plus importants de chaque texte.',
    noScript:
      'La recherche s’exécute dans votre navigateur grâce à un script, qui n’est pas actif ici. Tous les articles figurent dans les archives :',
    searching: 'Recherche en cours…',
    found: 'Articles trouvés : {count}',
    none: 'Aucun article trouvé. Essayez avec moins de mots, ou avec d’autres.',
    missing:
      'Cette copie du journal ne contient pas l’index de recherche ; elle n’est peut-être que partielle. Les archives indiquent ce qui s’y trouve.',
    failed: 'L’index de recherche n’a pas pu être chargé. Vérifiez votre connexion et réessayez.',
    damaged:
      'L’index de recherche est illisible : il est endommagé ou correspond à une autre version de cette page. Rechargez la page.',
    more: 'Afficher plus',
  },
};
