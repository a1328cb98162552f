// Fills in what this server is called: the address of the page itself answers as JSON too.
fetch('./', { headers: { Accept: 'application/json' } })
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
  .then((info) => {
    document.title = info.app;
    document.getElementById('name').textContent = info.app;
    document.getElementById('about').textContent =
      `Version ${info.version}, running in the ${info.environment} environment.`;
  })
  .catch(() => {}); // The page reads well without it.
