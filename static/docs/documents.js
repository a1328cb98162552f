// Which document the page shows: that of the first version of the API, or the one that its address asks for (/docs?of=v2). Where there
// are several, links to all of them stand above it.
const documentLinks = (documents, chosen) => {
  const links = document.createElement('nav');
  links.id = 'documents';
  links.ariaLabel = 'Documents';
  for (const { name } of documents) {
    const link = document.createElement('a');
    link.href = `${location.pathname}?of=${encodeURIComponent(name)}`;
    link.textContent = name;
    if (name === chosen) link.ariaCurrent = 'page';
    links.append(link);
  }
  return links;
};

// Its address. A server that does not tell which there are has one.
window.documentUrl = async () => {
  const reply = await fetch('docs/documents.json');
  const documents = reply.ok ? await reply.json() : [{ name: 'v1', url: 'api/v1/openapi.json' }];
  const asked = new URLSearchParams(location.search).get('of');
  const chosen = documents.find(({ name }) => name === asked) ?? documents[0];
  if (documents.length > 1) document.body.prepend(documentLinks(documents, chosen.name));
  return chosen.url;
};
