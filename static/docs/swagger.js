// Starts Swagger UI on one of this server's documents.

// Whoever signs in with a password is no client (RFC 6749 §2.3), so the dialog does not ask for one, nor the request name one.
const clientFields = ['password_type', 'client_id_password', 'client_secret_password'];

const isClientRow = (element) => {
  const children = element?.props?.children;
  return Array.isArray(children) && children.some((child) => clientFields.includes(child?.props?.htmlFor));
};

const withoutClient = (React, element) => {
  const children = element?.props?.children;
  if (!Array.isArray(children)) return element;
  const kept = children.map((child) => (isClientRow(child) ? null : withoutClient(React, child)));
  return React.cloneElement(element, {}, ...kept);
};

// Lists of numbers are written into the same field as texts; without a name for it Swagger UI warns that it has none.
const numbersInLists = (system) => ({
  components: {
    JsonSchema_integer_int64: (props) => system.React.createElement(system.getComponent('JsonSchema_string'), props),
  },
});

const passwordAlone = () => ({
  wrapComponents: {
    oauth2: (Dialog, system) =>
      class extends Dialog {
        render() {
          // A program's key is shown as it is, in the field for keys: nobody trades it for a token here.
          if (this.props.schema?.get('flow') === 'clientCredentials') return null;
          return withoutClient(system.React, super.render());
        }
      },
  },
  statePlugins: {
    auth: {
      wrapActions: {
        authorizePassword: (authorize) => (auth) =>
          authorize({ ...auth, passwordType: 'request-body', clientId: '', clientSecret: '' }),
        // What is kept for a reload lies in the browser's storage as it is: the token, never the password.
        authorizeOauth2: (authorize) => ({ auth, token }) => authorize({ auth: { ...auth, password: '' }, token }),
      },
    },
  },
});

// A build without npm has the page, but not what draws it.
if (!window.SwaggerUIBundle) {
  document.getElementById('docs').innerHTML =
    '<p>This page was built without npm. Where the server is built, install npm, run <code>make vendor</code> and <code>make</code>, and start ' +
    'it again. The same document as JSON: <a href="api/v1/openapi.json">openapi.json</a></p>';
}

const show = (url) => {
  window.ui = window.SwaggerUIBundle({
    url,
    dom_id: '#docs',
    deepLinking: true,
    persistAuthorization: true, // a reload keeps who signed in
    plugins: [passwordAlone, numbersInLists],
    tryItOutEnabled: true,
    displayRequestDuration: true,
    validatorUrl: null, // the public validator would be sent the document's address
    onComplete() {
      const info = window.ui.specSelectors.info();
      document.title = info.get('title') || document.title;
    },
  });
};

if (window.SwaggerUIBundle) window.documentUrl().then(show);
