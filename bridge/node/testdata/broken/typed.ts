export default (session: unknown) => session
