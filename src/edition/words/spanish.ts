import type { SiteWords } from './site-words.ts';

export const SPANISH: SiteWords = {
  language: 'es',
  navigation: 'Navegación principal',
  about: 'Acerca de',
  aboutTitle: 'Acerca de {name}',
  asOf: 'Actualizado a {date}',
  recentCorrections: 'Correcciones recientes',
  noCorrections: 'No se ha publicado ninguna corrección.',
  correctionsOf: 'Correcciones: {year}',
  notFound: 'Página no encontrada',
  notFoundText:
    'No hay nada en esta dirección. Puede que esté mal escrita, o que el artículo esté en una edición más reciente.',
  related: 'Artículos relacionados',
  permanentCopy: 'Copia permanente',
  permanentText:
    'Esta dirección designa exactamente este texto y estas imágenes. Nadie puede cambiar a qué conduce.',
  checkArticle: 'Verificar este artículo',
  keepCategory:
    'Esta dirección designa todo el contenido de esta sección. Quien la fija lo conserva todo, con cada revisión.',
  publicationId: 'Identificador de la publicación',
  idText:
    'Este identificador designa la publicación para siempre, y nadie más puede tenerlo. Compárelo con el que dé una fuente de su confianza.',
  qrCode: 'Código QR del identificador de la publicación',
  name: 'Nombre',
  nameText: 'Este nombre lleva a la edición más reciente.',
  keys: 'Claves vigentes',
  keysText: 'Mancheta n.º {version}, válida hasta el {date}',
  roles: {
    masthead: 'Deciden quién puede firmar',
    edition: 'Firman las ediciones',
    desk: 'Firman los artículos',
    log: 'Firman el registro',
    name: 'Firman el nombre',
  },
  threshold: 'Deben firmar {threshold} de {count}',
  howToCheck: 'Cómo verificar este periódico',
  checkText: 'Descargue un artículo o todo el periódico con «Download IPFS» y verifique el archivo:',
  howToMirror: 'Cómo replicar este periódico',
  mirrorText: 'Cualquiera puede conservar una copia y difundirla, sin clave y sin permiso:',
  mirrors: 'Réplicas',
  search: {
    title: 'Buscar',
    label: 'Palabras que buscar',
    hint: 'Se busca en los titulares, los resúmenes, los autores, las secciones y las palabras más importantes de cada texto.',
    noScript:
      'La búsqueda funciona en su navegador con un script, que aquí no se está ejecutando. Todos los artículos están en el archivo:',
    searching: 'Buscando…',
    found: 'Artículos encontrados: {count}',
    none: 'No se ha encontrado ningún artículo. Pruebe con menos palabras o con otras.',
    missing:
      'Esta copia del periódico no tiene el índice de búsqueda; quizá contenga solo una parte del periódico. El archivo muestra lo que hay aquí.',
    failed: 'No se ha podido cargar el índice de búsqueda. Compruebe la conexión e inténtelo de nuevo.',
    damaged:
      'El índice de búsqueda no se puede leer: está dañado o es de otra versión de esta página. Vuelva a cargar la página.',
    more: 'Mostrar más',
  },
};
