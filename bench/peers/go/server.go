// Gorilla's hub: a goroutine reading and one writing a connection, a buffered channel between hub and writer.
package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

type Event struct {
	Event       string         `json:"event"`
	WorkspaceID string         `json:"workspace_id"`
	Timestamp   string         `json:"timestamp"`
	Payload     map[string]any `json:"payload"`
	Seq         uint64         `json:"seq"`
}

type Heartbeat struct {
	WorkspaceID string `json:"workspace_id"`
	CurrentTask string `json:"current_task"`
	ActiveTasks int    `json:"active_tasks"`
}

var (
	mutex    sync.Mutex
	clients  = map[chan *websocket.PreparedMessage]bool{}
	seq      uint64
	upgrader = websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 1024}
)

func broadcast(beat Heartbeat) {
	mutex.Lock()
	defer mutex.Unlock()
	seq++
	text, _ := json.Marshal(Event{
		Event: "TASK_UPDATED", WorkspaceID: beat.WorkspaceID, Timestamp: time.Now().UTC().Format(time.RFC3339Nano),
		Payload: map[string]any{"current_task": beat.CurrentTask, "active_tasks": beat.ActiveTasks}, Seq: seq,
	})
	message, _ := websocket.NewPreparedMessage(websocket.TextMessage, text)
	for client := range clients {
		select {
		case client <- message:
		default:
			delete(clients, client)
			close(client)
		}
	}
}

func serve(response http.ResponseWriter, request *http.Request) {
	connection, err := upgrader.Upgrade(response, request, nil)
	if err != nil {
		return
	}
	client := make(chan *websocket.PreparedMessage, 256)
	mutex.Lock()
	clients[client] = true
	mutex.Unlock()
	go func() {
		for message := range client {
			if connection.WritePreparedMessage(message) != nil {
				break
			}
		}
		connection.Close()
	}()
	for {
		if _, _, err := connection.ReadMessage(); err != nil {
			break
		}
	}
	mutex.Lock()
	if clients[client] {
		delete(clients, client)
		close(client)
	}
	mutex.Unlock()
}

func main() {
	http.HandleFunc("/ws", serve)
	http.HandleFunc("/workspaces", func(response http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(response, `{"id":"ws-bench"}`)
	})
	http.HandleFunc("/registry/heartbeat", func(response http.ResponseWriter, request *http.Request) {
		var beat Heartbeat
		if json.NewDecoder(request.Body).Decode(&beat) != nil {
			response.WriteHeader(http.StatusBadRequest)
			return
		}
		broadcast(beat)
		fmt.Fprint(response, `{"status":"ok"}`)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	panic(http.Serve(listener, nil))
}
