#!/usr/bin/env ruby
# frozen_string_literal: true
# Rack's session stores as stores that storecheck can check.
#
#     storecheck run 'exec:ruby adapters/rack/adapter.rb pool'      # Rack::Session::Pool
#     storecheck run 'exec:ruby adapters/rack/adapter.rb moneta'    # Rack::Session::Moneta on files
#     storecheck run 'exec:ruby adapters/rack/adapter.rb ./mine.rb' # a file that has the class Mine, below Rack::Session::Pool
#
# The store sees find_session, write_session and delete_session as from Rack, by several threads. A session is one string, in the text in which it
# came: Ruby's parser refuses lone surrogates. An id is the SHA-256 of the one that came: stores issue ids of 64 digits. Nothing touches or lists.
# Pool refuses an id that it has not issued, so it is issued first; and it never ends a session.
require 'digest'
require 'json'
require 'rack'
require 'time'

POOL = (KIND = ARGV[0] || 'pool') != 'moneta'
STORES, WRITING = [], Mutex.new
require 'rack/session/moneta' unless POOL
MINE = File.basename(KIND)[/(.+)\.rb$/, 1]
require File.expand_path(KIND) if MINE
FEATURES = %w[callbacks handles expressions express events resources].to_h { |name| [name, false] }.merge('forms' => true)
Refused = Class.new(StandardError) { attr_accessor :code }
def refuse(code, message) = raise(Refused.new(message).tap { |r| r.code = code })

# members returns the texts of the members of the object that begins at i. Names have no escapes in this protocol.
def members(text, i = text.index('{'))
  all = {}
  i += 1
  while (i = text.index(/[^ \t\r\n,]/n, i)) && text[i] != '}'
    stop = text.index('"', i + 1)
    from = text.index(/[^ \t\r\n:]/n, stop + 1)
    last = value_end(text, from)
    all[text[i + 1...stop]] = text[from...last]
    i = last
  end
  all
end

def value_end(text, i)
  return text.index(/[ \t\r\n,}\]]/n, i) || text.size unless '"{['.include?(text[i])
  depth = 0
  loop do
    i = text.index(/["{}\[\]]/n, i)
    case text[i]
    when '"'
      i += 1
      i += 2 while text[i = text.index(/["\\]/n, i)] == '\\'
    when '{', '[' then depth += 1
    else depth -= 1
    end
    return i + 1 if depth.zero?
    i += 1
  end
end

def plain(text) = text && JSON.parse(text.dup.force_encoding(Encoding::UTF_8))

# lifetime returns how many whole seconds a session lives from now, less than 0 for one that is over, or nil for one whose cookie has no end.
def lifetime(session)
  expires = plain(members(members(session)['cookie'])['expires'])
  return nil if !expires || expires.start_with?('+') # a year beyond 9999
  left = Time.iso8601(expires) - Time.now
  left.positive? ? [left.round, 1].max : [left.round, -1].min
end

class Store
  def initialize(params)
    app = ->(_env) { [200, {}, []] }
    folder = File.join(plain(params['dir']), 'sessions')
    @store = POOL ? (MINE ? Object.const_get(MINE.split('_').map(&:capitalize).join) : Rack::Session::Pool).new(app) : Rack::Session::Moneta.new(app, store: Moneta.new(:File, dir: folder, expires: true))
    @request = Rack::Request.new('rack.multithread' => true)
  end

  # id is the session id as the store has it. One that is no UTF-8 is known by its text.
  def id(text)
    hex = Digest::SHA256.hexdigest((plain(text) rescue text))
    POOL ? Rack::Session::SessionId.new(hex) : hex
  end

  def get(params)
    sid = id(params['id'])
    found, data = @store.find_session(@request, sid)
    return data['text'] || (params['form'] && '{}') if found.to_s == sid.to_s
    @store.delete_session(@request, found, drop: true) # issued for a visitor who is none; answers nil
  end

  def set(params)
    sid = id(params['id'])
    options = { expire_after: lifetime(params['session']) }.compact
    write = -> { @store.write_session(@request, sid, { 'text' => params['session'] }, options) }
    issue = ->(anew) { @store.mutex.synchronize { anew || !@store.pool[sid.private_id] and @store.pool[sid.private_id] = {} } }
    issue.call(false) if POOL && !params['form'] # a request that has loaded a session writes it as it is
    write.call or (POOL && !params['form'] && (issue.call(true); write.call)) or raise 'write_session answers false'
    nil
  end

  def destroy(params) = @store.delete_session(@request, id(params['id']), drop: true) # answers nil
end

def outcome(store, params)
  method = plain(params['method'])
  refuse(3, "the store has no method #{method}") unless %w[get set destroy].include?(method)
  value = store.public_send(method, params)
  %({"callbacks":1,"kind":"#{value ? 'object' : 'undefined'}"#{value && ",\"value\":#{value}"}})
rescue StandardError => e
  raise if e.is_a?(Refused)
  JSON.generate(callbacks: 1, error: { name: e.class.name, message: e.message.scrub })
end

def answer(method, params)
  case method
  when 'hello'
    refuse(4, 'only protocol 1 is spoken') if params['protocol'] != '1'
    JSON.generate(protocol: 1, name: "rack-#{File.basename(KIND, '.rb')}", profile: 'rack', version: Rack.release, language: 'ruby', runtime: "ruby #{RUBY_VERSION}", features: FEATURES,
                  properties: { durable: !POOL, shared: !POOL, granularityMs: 1000 })
  when 'open'
    STORES << Store.new(params)
    JSON.generate(instance: STORES.size.to_s, capabilities: { touch: false, all: false, clear: false, length: false },
                  surface: { emitter: false, extensible: false, generate: false, class: KIND })
  when 'ping' then '{}'
  when 'events' then '{"events":[]}'
  when 'call', 'close'
    number = plain(params['instance']).to_i
    store = STORES[number - 1] or refuse(2, 'no such instance is open')
    return outcome(store, params) if method == 'call'
    STORES[number - 1] = nil
    '{}'
  else refuse(-32_601, "unknown method #{method}")
  end
end

def serve(line)
  request = members(line)
  reply = begin
    "\"result\":#{answer(plain(request['method']), members(request['params']))}"
  rescue StandardError => e
    "\"error\":#{JSON.generate(code: e.is_a?(Refused) ? e.code : -32_603, message: e.message.scrub)}"
  end
  WRITING.synchronize { $stdout.write("{\"jsonrpc\":\"2.0\",\"id\":#{request['id']},#{reply}}\n".b) }
end

$stdout.sync = true
$stdin.binmode
calls = Queue.new
threads = Array.new(8) { Thread.new { while (line = calls.pop) do serve(line) end } }
$stdin.each_line { |line| line.include?('"method":"call"') ? calls << line : serve(line) unless line.strip.empty? }
calls.close
threads.each(&:join)
