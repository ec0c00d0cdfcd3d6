package profile

var expressSession = &Profile{
	Name: "express-session", Short: "express", Version: "1.0.0", Middleware: "1.19.0",
	Title: "stores of Express and Connect",
	Calls: []string{"get(sid, callback)", "set(sid, session, callback)", "destroy(sid, callback?)", "touch(sid, session, callback), where the store has it"},
	Hands: "a Session with a Cookie, circular through its request: expires is a Date, maxAge counts down, and the JSON of the cookie has originalMaxAge, " +
		"expires and the attributes",
	Missing:  "undefined, null, or an error whose code is ENOENT",
	Ends:     "the store alone: express-session does not look at the expiry of what it loads",
	Site:     "an Express application with express-session",
	Source:   "express-session README, Session Store Implementation; index.js; session/*.js",
	Packages: []string{"express-session@1.19.0", "express@5.3.0"},
	Cookie:   []string{"originalMaxAge", "expires", "httpOnly", "path", "domain", "secure", "sameSite", "partitioned", "priority"},
}
