{{if .Strict}}'use strict'
{{end -}}
// What storecheck checks: https://github.com/storecheck/storecheck
//
//   {{.Command}}
//
{{- if .Found}}
// The store is made of {{.Entry}}, {{.Found}}.
{{- else}}
// FILL IN how the store of this package is made: {{.Why}}.
{{- end}}
{{- range .Import}}
{{.}}
{{- end}}

{{.Export}} {
  name: {{.Name}},

  // session is express-session. env has dir, an empty folder of the run; namespace, a word that no other run uses; options, from --option name=value;
  // and backend.url, the address of a server of yours, from --backend KIND=URL. Keep files below env.dir. On a server put env.namespace and a
  // delimiter in front of each key, as in prefix: `${env.namespace}:`.
  open (session, env) {
{{- range .Open}}
    {{.}}
{{- end}}
  },
{{if .Closes}}
  close (store) {
    return store.close()
  },
{{- else}}
  // FILL IN if the store keeps something open, such as a connection or a timer.
  // close (store) {
  //   return store.close()
  // },
{{- end}}

  // FILL IN what is true of the store: take the // away. Without it less is checked.
  // durable: true, // sessions survive a restart
  // shared: true, // two instances see each other's sessions
  // disposable: true, // the run may clear and count all sessions
  // expiry: { granularityMs: 1000 } // how far from its cookie's expires a session may end
}
