# frozen_string_literal: true
# The calls that Rack's session middleware makes on a store, as it makes them on Rack::Session::Pool, with the answers that matter.
require 'json'
require 'rack'
require 'rack/mock'

NAMES = {} # rubocop:disable Style/MutableConstant
# name gives ids names in the order in which they came.
def name(sid) = sid.nil? ? 'nil' : NAMES[sid.respond_to?(:public_id) ? sid.public_id : sid] ||= "S#{NAMES.size + 1}"

QUIET = [false] # rubocop:disable Style/MutableConstant
def say(text) = QUIET[0] || puts("  #{text}")

class Recorded < Rack::Session::Pool
  def find_session(request, sid)
    super.tap { |found, data| say "find_session(#{name(sid)}) → #{name(found)}, #{JSON.generate(data)}" }
  end

  def write_session(request, sid, data, options)
    super.tap { |answer| say "write_session(#{name(sid)}, #{JSON.generate(data)}#{", expire_after: #{options[:expire_after]}" if options[:expire_after]}) → #{answer ? name(answer) : answer}" }
  end

  def delete_session(request, sid, options)
    super.tap { |answer| say "delete_session(#{name(sid)}#{', drop' if options[:drop]}#{', renew' if options[:renew]}) → #{name(answer)}" }
  end
end

# A Browser is one visitor. A page is a block of the session that runs while the request is on its way.
class Browser
  def initialize(options = {}, cookie = nil)
    @pages = []
    @app = Recorded.new(->(env) { @pages.last.call(env['rack.session'], env) and [200, {}, ['']] }, options)
    @cookie = cookie
  end

  def visit(&page)
    @pages << ->(session, env) { page.call(session, env) || true }
    answer = Rack::MockRequest.new(@app).get('/', @cookie ? { 'HTTP_COOKIE' => "rack.session=#{@cookie}" } : {})
    cookie = answer['Set-Cookie'].to_s[/rack\.session=(\h*)/, 1]
    @cookie = cookie if cookie
    say "visitor: #{answer.status}#{", cookie #{name(cookie)}" if cookie}#{', a note in the log' unless answer.errors.empty?}"
  ensure
    @pages.pop
  end
end

def stranger(title, options = {}, cookie = nil)
  NAMES.clear
  puts "\n#{title}"
  Browser.new(options, cookie)
end

def known(title, options = {})
  NAMES.clear
  browser = Browser.new(options)
  QUIET[0] = true
  browser.visit { |s| s['user'] = 'ann' }
  QUIET[0] = false
  puts "\n#{title}"
  browser
end

# both visits a page during which another one of the same visitor comes and goes.
def both(browser, other, &page)
  browser.visit do |session, env|
    session['user']
    say 'another page begins'
    cookie = browser.instance_variable_get(:@cookie)
    browser.visit(&other)
    browser.instance_variable_set(:@cookie, cookie)
    say 'another page has ended'
    page.call(session, env)
  end
end

stranger('new visitor, nothing is done').visit { nil }
stranger('new visitor, read').visit { |s| s['user'] }
stranger('new visitor, data').visit { |s| s['user'] = 'ann' }
known('nothing is done').visit { nil }
known('read').visit { |s| s['user'] }
known('changed').visit { |s| s['n'] = 1 }
known('clear').visit { |s| s.clear }
known('login: the option renew').visit { |s| s['user'] and s.options[:renew] = true }
known('the option drop').visit { |s| s['user'] and s.options[:drop] = true }
known('the option skip').visit { |s| s['n'] = 1 and s.options[:skip] = true }
known('logout: destroy').visit { |s| s.destroy }
stranger('an id that nobody issued, nothing is done', {}, 'f' * 64).visit { nil }
stranger('an id that nobody issued, read', {}, 'f' * 64).visit { |s| s['user'] }
stranger('an id that nobody issued, data', {}, 'f' * 64).visit { |s| s['user'] = 'eve' }
both(known('a page that reads, and a logout while it is on its way'), ->(s, _) { s.destroy }) { nil }
both(known('a page that changes, and a logout while it is on its way'), ->(s, _) { s.destroy }) { |s| s['n'] = 1 }
both(known('a page that renews, and a logout while it is on its way'), ->(s, _) { s.destroy }) { |s| s.options[:renew] = true }
both(known('a page that reads, and a change while it is on its way'), ->(s, _) { s['m'] = 2 }) { nil }
puts "\n# with expire_after: 60"
known('nothing is done', expire_after: 60).visit { nil }
known('read', expire_after: 60).visit { |s| s['user'] }
